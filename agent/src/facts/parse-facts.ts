import { extname } from 'node:path';
import { fail, faultFrom, MusterError, ok, unwrap, type Result } from '@muster/protocol/errors';
import { readYamlText } from '@muster/runtime/config';
import { isFactMap, toFactValue, type Facts } from './value.ts';

/** Largest file of facts, in bytes. */
export const factFileBytes = 1024 * 1024;

/** Most facts of one file, counted at the top level. */
const factsPerFile = 10_000;

/** Endings of files that hold facts. */
export const factFileEndings: readonly string[] = ['.yaml', '.yml', '.json', '.txt'];

/** `name=value` lines, as Facter reads them: values are texts, lines without `=` are skipped. */
function readLines(text: string): unknown {
  const pairs = text.split(/\r?\n/).flatMap((line) => {
    const at = line.indexOf('=');
    return at <= 0 || line.startsWith('#') ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const];
  });
  return Object.fromEntries(pairs);
}

function read(path: string, text: string): unknown {
  switch (extname(path)) {
    case '.json':
      return JSON.parse(text);
    case '.txt':
      return readLines(text);
    default:
      return unwrap(readYamlText(text, path)).value;
  }
}

/**
 * The facts of a YAML, JSON or `name=value` file, told apart by its ending. An empty file has none.
 *
 * Errors: `facts.unreadable`, naming the file and what is wrong.
 */
export function parseFacts(path: string, text: string): Result<Facts> {
  try {
    const value = text.trim() === '' ? {} : toFactValue(read(path, text) ?? {});
    if (!isFactMap(value)) return fail('facts.unreadable', `${path} does not hold a map of facts`);
    const count = Object.keys(value).length;
    if (count > factsPerFile)
      return fail('facts.unreadable', `${path} holds ${count} facts; the limit is ${factsPerFile}`);
    return ok(value);
  } catch (thrown) {
    const { message } = faultFrom(thrown);
    // What a reader of ours says names the file already.
    return fail('facts.unreadable', thrown instanceof MusterError ? message : `${path}: ${message}`);
  }
}
