import { fail, ok, type Result } from '../errors/index.ts';
import { conditionsOf } from '../filter/index.ts';
import { policyLimits } from './limits.ts';
import { parseRule } from './parse-rule.ts';
import type { PolicyDefault, PolicyFault, PolicyFile, PolicyRule } from './policy.ts';
import { faultAt, meaningfulLines, placed, quoted, wordsOf, type Line } from './text.ts';

/** `policy default X`. ActionPolicy takes every word but `allow` for deny, and so do we. */
function parseDefault(line: Line): Result<PolicyDefault> {
  const [, kind, word, ...more] = wordsOf(line);
  if (kind?.text !== 'default' || word === undefined || more.length > 0) {
    return faultAt(line, `Expected \`policy default allow\` or \`policy default deny\`, found ${quoted(line.text)}`);
  }
  return ok({ line: line.line, effect: word.text === 'allow' ? 'allow' : 'deny', word: word.text });
}

function regexesOf({ callers, node, constraints }: PolicyRule): number {
  let count = callers?.filter(({ kind }) => kind === 'regex').length ?? 0;
  for (const constraint of constraints) {
    if (constraint.kind === 'compared' && typeof constraint.comparison.value !== 'string') count++;
  }
  if (node === null) return count;
  for (const condition of conditionsOf(node.filter)) {
    const isRegex = 'matcher' in condition ? condition.matcher.kind === 'regex' : typeof condition.value !== 'string';
    if (isRegex) count++;
  }
  return count;
}

const unusable = (name: string, fault: PolicyFault): PolicyFile => ({ name, rules: [], defaults: [], faults: [fault] });

/**
 * Reads the text of `AGENT.policy` or `default.policy`; `source` is a fault when it could not be had. What is wrong is told for each
 * line. Faults: `policy.syntax`, those of filters, and whatever `source` says.
 */
export function parsePolicy(name: string, source: Result<string>): PolicyFile {
  if (!source.ok) return unusable(name, { fault: source.error, line: null, column: null });
  const text = source.value;
  const rules: PolicyRule[] = [];
  const defaults: PolicyDefault[] = [];
  const faults: PolicyFault[] = [];
  let regexes = 0;
  for (const line of meaningfulLines(text)) {
    if (rules.length + defaults.length + faults.length >= policyLimits.rules) {
      const { error } = faultAt(line, `The file has more than ${policyLimits.rules} rules`);
      return { name, rules, defaults, faults: [...faults, placed(text, error)] };
    }
    const parsed = parseLine(line);
    if (!parsed.ok) faults.push(placed(text, parsed.error));
    else if ('word' in parsed.value) defaults.push(parsed.value);
    else {
      rules.push(parsed.value);
      regexes += regexesOf(parsed.value);
      if (regexes > policyLimits.regexes) {
        const { error } = fail('policy.syntax', `The file has more than ${policyLimits.regexes} regular expressions`, {
          mend: 'Join regular expressions with | inside one.',
          position: { start: line.start, end: line.start + line.text.length },
        });
        return { name, rules, defaults, faults: [...faults, placed(text, error)] };
      }
    }
  }
  return { name, rules, defaults, faults };
}

function parseLine(line: Line): Result<PolicyRule | PolicyDefault> {
  if (line.text.length > policyLimits.lineLength) {
    return faultAt(line, `The line is longer than ${policyLimits.lineLength} characters`, 'Put callers into a group.');
  }
  return /^policy(?=[ \t]|$)/.test(line.text) ? parseDefault(line) : parseRule(line);
}
