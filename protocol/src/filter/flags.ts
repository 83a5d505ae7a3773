import { fail, ok, type Fault, type Result } from '../errors/index.ts';
import { conjunction, disjunction, type Comparison, type FactCondition, type FilterExpression } from './ast.ts';
import { textOperator } from './condition-reader.ts';
import { filterLimits } from './limits.ts';
import { withinLimits } from './measure.ts';
import { namedCondition, regexCondition, type NameKind } from './names.ts';
import { parseConditions, parseFilter, refusable } from './parse.ts';
import { Parser } from './parser.ts';
import { printFilter } from './print.ts';
import { Reader } from './reader.ts';
import { regexMatcher } from './regex.ts';

/** What the command line says about nodes, one entry for each time that a flag was given. */
export interface FilterFlags {
  /** `-F name=value`. */
  readonly facts?: readonly string[];
  /** `-C name` or `-C /regex/`. */
  readonly classes?: readonly string[];
  /** `-A name` or `-A /regex/`. */
  readonly agents?: readonly string[];
  /** `-I name`, `-I /regex/`, or with globs and ranges; one match of several is enough. */
  readonly identities?: readonly string[];
  /** `-W "os=linux apache"`: conditions separated by blanks. */
  readonly with?: readonly string[];
  /** `-S "os=linux and not apache"`: whole expressions. */
  readonly select?: readonly string[];
  readonly collectives?: readonly string[];
}

/**
 * All flags as one filter: identities are alternatives, everything else must hold at once; no flags are every node.
 * A refusal's position lies in the text after the flag, which its message repeats.
 */
export function filterFromFlags(flags: FilterFlags): Result<FilterExpression> {
  const groups: readonly (readonly [
    string,
    readonly string[] | undefined,
    (text: string) => Result<FilterExpression>,
  ])[] = [
    ['-F', flags.facts, factFlag],
    ['-C', flags.classes, (text) => nameFlag('class', text)],
    ['-A', flags.agents, (text) => nameFlag('agent', text)],
    ['-W', flags.with, parseConditions],
    ['-S', flags.select, parseFilter],
    ['-T', flags.collectives, (text) => nameFlag('collective', text)],
  ];
  const filters: FilterExpression[] = [];
  for (const [flag, texts, read] of groups) {
    const found = readEach(flag, texts, read);
    if (!found.ok) return found;
    filters.push(...found.value);
  }
  const identities = readEach('-I', flags.identities, (text) => nameFlag('identity', text));
  if (!identities.ok) return identities;
  if (identities.value.length > 0) filters.push(disjunction(identities.value));
  const filter = withinLimits(conjunction(filters));
  if (!filter.ok || printFilter(filter.value).length <= filterLimits.textLength) return filter;
  return fail('filter.too_long', `The filter is longer than ${filterLimits.textLength} characters`, {
    mend: 'Name many nodes in a list instead',
  });
}

function readEach(
  flag: string,
  texts: readonly string[] | undefined,
  read: (text: string) => Result<FilterExpression>,
): Result<readonly FilterExpression[]> {
  const filters: FilterExpression[] = [];
  for (const text of texts ?? []) {
    const filter = read(text);
    if (!filter.ok) return { ok: false, error: inFlag(flag, text, filter.error) };
    filters.push(filter.value);
  }
  return ok(filters);
}

/** The fault with its flag named, and a position even where the text is wrong as a whole. */
function inFlag(flag: string, text: string, fault: Fault): Fault {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return { position: { start: 0, end: text.length }, ...fault, message: `In ${flag} '${shown}': ${fault.message}` };
}

/** `name=value`, where the value is all the rest of the text. */
function factFlag(text: string): Result<FactCondition> {
  return refusable(() => {
    const parser = new Parser(text);
    const { path, operator } = parser.factStart();
    return ok({ kind: 'fact', path, ...flagComparison(parser.reader, operator) });
  });
}

function flagComparison(reader: Reader, operator: string): Comparison {
  reader.skipBlanks();
  const start = reader.at;
  const rest = reader.text.slice(start).trimEnd();
  const end = start + rest.length;
  if (rest === '') reader.unexpected('a value', 'Write "" for the empty text');
  const regexOperator = operator === '=~' || operator === '!~' ? operator : undefined;
  const equality = operator === '=' || operator === '!=';
  if (rest.startsWith('/') && (regexOperator !== undefined || equality)) {
    const matcher = flagRegex(rest) ?? reader.regex();
    return {
      operator: regexOperator ?? (operator === '=' ? '=~' : '!~'),
      value: reader.checkedRegex(matcher, start, end),
    };
  }
  if (/^[=<>!~]/.test(rest)) reader.unexpected('a value', 'Put a value that begins like this in quotes');
  const value = /^["']/.test(rest) ? quotedRest(reader) : rest;
  if (regexOperator === undefined) return { operator: textOperator(operator), value };
  return { operator: regexOperator, value: reader.checkedRegex(regexMatcher(value), start, end) };
}

function quotedRest(reader: Reader): string {
  const value = reader.quoted();
  reader.skipBlanks();
  if (!reader.ended()) reader.unexpected('the end after the quoted value', 'Put the whole value in quotes');
  return value;
}

/** `/source/flags` up to the last slash, so that slashes inside need no backslash. */
function flagRegex(text: string) {
  const [, source, flags] = /^\/([\s\S]*)\/([A-Za-z]*)$/.exec(text) ?? [];
  return source === undefined ? undefined : regexMatcher(source, flags);
}

function nameFlag(kind: NameKind, text: string): Result<FilterExpression> {
  const name = text.trim();
  if (!name.startsWith('/')) return namedCondition(kind, name);
  return refusable(() => {
    const reader = new Reader(name);
    return regexCondition(kind, flagRegex(name) ?? reader.regex());
  });
}
