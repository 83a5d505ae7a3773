import { fail, ok, type Result } from '@muster/protocol/errors';
import type { Surroundings } from '../surroundings.ts';
import type { GivenInput } from './inputs.ts';

/** Longest value out of a file, in bytes; a request with more would not travel. */
const longestValueBytes = 1024 * 1024;

interface Pair {
  readonly key: string;
  readonly value: string;
}

function splitPairs(texts: readonly string[]): Result<readonly Pair[]> {
  const pairs = new Map<string, Pair>();
  for (const text of texts) {
    const equals = text.indexOf('=');
    if (equals < 1) {
      return fail('usage.invalid', `Could not parse "${text.slice(0, 80)}"`, {
        mend: 'Inputs are written as key=value.',
      });
    }
    const key = text.slice(0, equals);
    if (pairs.has(key)) return fail('usage.invalid', `The input ${key} is given twice`);
    pairs.set(key, { key, value: text.slice(equals + 1) });
  }
  return ok([...pairs.values()]);
}

/** Files end with a line break that nobody means. */
const withoutLastBreak = (text: string): string => text.replace(/\r?\n$/, '');

async function fromFile(key: string, path: string, surroundings: Surroundings): Promise<Result<GivenInput>> {
  const { stdin } = surroundings;
  const read =
    path === '-'
      ? await stdin.readAll({ longestBytes: longestValueBytes })
      : await surroundings.readFile(path, { longestBytes: longestValueBytes });
  if (!read.ok) return fail('request.invalid_input', `${key}: ${read.error.message}`);
  return ok({ key, text: withoutLastBreak(read.value ?? ''), source: path === '-' ? 'STDIN' : path });
}

/** Whether an argument takes its value from STDIN, which then is no list of nodes. */
export const readsInput = (texts: readonly string[]): boolean => texts.some((text) => /^[^=]+=@-$/.test(text));

/**
 * `key=value` arguments. `key=@FILE` takes the value out of a file and `key=@-` from STDIN, without the last line break;
 * `key=@@text` is the text `@text`.
 *
 * Errors: `usage.invalid` for an argument without `=`, a key that comes twice, and two values from STDIN;
 * `request.invalid_input` for a file that cannot be read or is longer than 1 MiB.
 */
export async function readGiven(
  texts: readonly string[],
  surroundings: Surroundings,
): Promise<Result<readonly GivenInput[]>> {
  const pairs = splitPairs(texts);
  if (!pairs.ok) return pairs;
  const fromInput = pairs.value.filter(({ value }) => value === '@-').map(({ key }) => key);
  if (fromInput.length > 1) return fail('usage.invalid', `Only one input can be STDIN, not ${fromInput.join(' and ')}`);
  const given: GivenInput[] = [];
  for (const { key, value } of pairs.value) {
    if (value.startsWith('@@') || !value.startsWith('@')) {
      given.push({ key, text: value.startsWith('@@') ? value.slice(1) : value });
      continue;
    }
    if (value === '@') {
      return fail('usage.invalid', `${key}=@ names no file`, { mend: `The text "@" is written ${key}=@@.` });
    }
    const read = await fromFile(key, value.slice(1), surroundings);
    if (!read.ok) return read;
    given.push(read.value);
  }
  return ok(given);
}
