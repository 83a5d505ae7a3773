import { allNodes, type Comparison, type DataCondition, type FilterExpression, type RegexMatcher } from './ast.ts';
import { joinPath } from './fact-path.ts';
import { exactCondition, namedCondition, nameKinds, regexCondition, type NameKind } from './names.ts';
import type { Reader } from './reader.ts';
import { regexMatcher } from './regex.ts';

/** What to do where a word between conditions is missing. */
export const connectivesMend = 'Join conditions with `and` or `or`, in small letters';

const nameMend = 'Put a name with other characters than letters, digits and _ : . - in quotes';

export const isPluginName = (text: string): boolean =>
  /^[A-Za-z_][\w-]*$/.test(text) && !['and', 'or', 'not'].includes(text);
export const isOutputName = (text: string): boolean => /^[\p{L}_][\p{L}\p{M}\p{N}_-]*$/u.test(text);

interface ReadName {
  readonly start: number;
  /** Split at the dots outside quotes. */
  readonly steps: readonly string[];
  /** The whole name, when it is one piece: bare or in quotes. */
  readonly single?: { readonly text: string; readonly bare: boolean };
}

/** One condition: a class, a fact, an output of a data plugin, or one that begins with `@`. */
export function readCondition(reader: Reader): FilterExpression {
  const start = reader.at;
  for (const word of ['and', 'or']) {
    if (!reader.keyword(word)) continue;
    reader.refuse(`Expected a condition, found \`${word}\``, start, reader.at, {
      mend: `Put a condition before \`${word}\``,
    });
  }
  if (reader.next === '/') {
    const matcher = reader.regex();
    if (!reader.atBoundary()) {
      reader.unexpected('`and`, `or` or the end', 'A regular expression stands for classes; facts have plain names');
    }
    return { kind: 'class', matcher };
  }
  if (reader.take('@')) return readSpecial(reader, start);
  const name = readName(reader, 'a condition');
  if (reader.next === '(') return readData(reader, name);
  const end = reader.at;
  reader.skipBlanks();
  const operator = reader.operator();
  if (operator !== '') return { kind: 'fact', path: joinPath(name.steps), ...readComparison(reader, operator) };
  reader.at = end;
  if (!reader.atBoundary()) reader.unexpected('an operator, `and`, `or` or the end', nameMend);
  if (name.single === undefined) {
    reader.skipBlanks();
    return reader.unexpected('an operator', 'Put the whole name of a class in quotes');
  }
  const found = exactCondition('class', name.single.text);
  return found.ok ? found.value : reader.refuseWith(found.error, start, end);
}

/** A name of one or more steps; `expected` says in messages what it is the name of. */
export function readName(reader: Reader, expected: string): ReadName {
  const start = reader.at;
  const steps: string[] = [];
  let pieces = 0;
  let joined = true;
  let bare = false;
  for (; ; pieces++) {
    if (reader.next === '"' || reader.next === "'") {
      if (!joined) reader.unexpected('a dot before the quoted step');
      steps.push(reader.quoted());
      joined = false;
      continue;
    }
    const text = reader.bareName();
    if (text === '') break;
    bare = true;
    const parts = text.split('.');
    if (pieces > 0 && !joined && parts.shift() !== '')
      reader.refuse('Expected a dot after the quoted step', reader.at - text.length, reader.at);
    joined = parts.at(-1) === '';
    if (joined) parts.pop();
    steps.push(...parts);
  }
  if (pieces === 0) reader.unexpected(expected, reader.ended() ? 'Write a condition such as os=linux' : nameMend);
  if (joined || steps.includes('')) {
    reader.refuse('A step of the name is empty', start, reader.at, {
      mend: 'Put one name before, between and after the dots',
    });
  }
  const text = bare ? reader.text.slice(start, reader.at) : (steps[0] ?? '');
  return pieces === 1 ? { start, steps, single: { text, bare } } : { start, steps };
}

/** `@kind=name`, after its `@`. */
function readSpecial(reader: Reader, start: number): FilterExpression {
  const word = reader.bareName();
  if (word === 'all') return allNodes;
  const kind = nameKinds.find((known) => known === word);
  if (kind === undefined) {
    return reader.refuse('Expected @identity, @agent, @collective, @class or @all', start, reader.at, {
      mend: 'A name that begins with @ goes in quotes',
    });
  }
  reader.skipBlanks();
  const operatorAt = reader.at;
  const operator = reader.operator();
  if (!['=', '==', '=~', '!=', '!~'].includes(operator)) {
    reader.refuse(`Expected =, ==, =~, != or !~ after @${kind}`, operatorAt, reader.at);
  }
  const condition = readNameValue(reader, kind, operator);
  return operator.startsWith('!') ? { kind: 'not', operand: condition } : condition;
}

function readNameValue(reader: Reader, kind: NameKind, operator: string): FilterExpression {
  reader.skipBlanks();
  const start = reader.at;
  if (operator.endsWith('~') || (operator !== '==' && reader.next === '/')) {
    const found = regexCondition(kind, readRegexValue(reader));
    return found.ok ? found.value : reader.refuseWith(found.error, start, reader.at);
  }
  const text = readTextValue(reader);
  const found = operator === '==' ? exactCondition(kind, text) : namedCondition(kind, text);
  return found.ok ? found.value : reader.refuseWith(found.error, start, reader.at);
}

function readData(reader: Reader, name: ReadName): DataCondition {
  const plugin = name.single?.bare === true ? name.single.text : '';
  if (!isPluginName(plugin)) {
    reader.refuse('Expected the name of a data plugin before (', name.start, reader.at, {
      mend: "A plugin has a plain name, as in fstat('/etc/hosts').size>0",
    });
  }
  reader.at++;
  reader.skipBlanks();
  const quoted = reader.next === '"' || reader.next === "'";
  const argument = quoted ? reader.quoted() : reader.bareValue();
  reader.skipBlanks();
  if (!reader.take(')')) reader.unexpected('`)` after at most one argument', 'Put the argument in quotes');
  if (!reader.take('.')) reader.unexpected('`.` and the name of an output', "Write plugin('argument').output=value");
  const outputStart = reader.at;
  const output = reader.bareName();
  if (!isOutputName(output)) {
    reader.refuse('Expected the name of an output after the dot', outputStart, reader.at);
  }
  reader.skipBlanks();
  const operator = reader.operator();
  if (operator === '') reader.unexpected('an operator', `Compare the output, as in ${output}=value`);
  const call = quoted || argument !== '' ? { plugin, argument, output } : { plugin, output };
  return { kind: 'data', ...call, ...readComparison(reader, operator) };
}

function readComparison(reader: Reader, operator: string): Comparison {
  reader.skipBlanks();
  if (operator === '=~' || operator === '!~') return { operator, value: readRegexValue(reader) };
  if (reader.next === '/' && (operator === '=' || operator === '!=')) {
    return { operator: operator === '=' ? '=~' : '!~', value: readRegexValue(reader) };
  }
  return { operator: textOperator(operator), value: readTextValue(reader) };
}

function readRegexValue(reader: Reader): RegexMatcher {
  const start = reader.at;
  const slashes = reader.next === '/';
  const matcher = slashes ? reader.regex() : regexMatcher(readTextValue(reader));
  if (!reader.atBoundary())
    reader.unexpected('a blank, `)` or the end after the regular expression', 'Write a slash inside as \\/');
  return slashes ? matcher : reader.checkedRegex(matcher, start, reader.at);
}

function readTextValue(reader: Reader): string {
  const quoted = reader.next === '"' || reader.next === "'";
  if (!quoted && /[=<>!~]/.test(reader.next))
    reader.unexpected('a value', 'Put a value that begins like this in quotes');
  const value = quoted ? reader.quoted() : reader.bareValue();
  if (value === '' && !quoted) reader.unexpected('a value', 'Write "" for the empty text');
  if (!reader.atBoundary()) {
    reader.unexpected(
      'a blank, `)` or the end after the value',
      'Put the whole value in quotes, or a regular expression between slashes',
    );
  }
  return value;
}

/** An operator of a comparison with a text, by its one name. */
export function textOperator(written: string): '=' | '!=' | '<' | '<=' | '>' | '>=' {
  switch (written) {
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return written;
    case '=<':
      return '<=';
    case '=>':
      return '>=';
    default:
      return '=';
  }
}
