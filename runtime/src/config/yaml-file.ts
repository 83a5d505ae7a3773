import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { isMap, isPair, type Document, type LineCounter } from 'yaml';
import type { z } from 'zod';
import { lineOfNode, readYamlText } from './yaml-text.ts';

/** Largest configuration file, in bytes. */
const largestFileBytes = 1024 * 1024;

type Path = readonly PropertyKey[];

/** The line, counted from 1, of the deepest part of `path` that the document has; of the key itself for unknown keys. */
function lineOf(document: Document, path: Path, unknownKey: string | undefined, lines: LineCounter): number {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (unknownKey !== undefined && length === path.length && isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && String(item.key) === unknownKey);
      const keyLine = lineOfNode(pair?.key, lines);
      if (keyLine !== undefined) return keyLine;
    }
    const line = lineOfNode(node, lines);
    if (line !== undefined) return line;
  }
  return 1;
}

function describeIssue(issue: z.core.$ZodIssue): { message: string; mend: string; unknownKey: string | undefined } {
  const where = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const [unknownKey] = issue.keys;
    const name = [...issue.path.map(String), unknownKey].join('.');
    return { message: `unknown setting "${name}"`, mend: 'Remove it, or correct its spelling.', unknownKey };
  }
  return { message: `"${where}": ${issue.message}`, mend: `Correct the value of "${where}".`, unknownKey: undefined };
}

/** A file's text as a value of the schema. Errors as of {@link readYamlFile}. */
export function parseYaml<T>(text: string, file: string, schema: z.ZodType<T>): Result<T> {
  const yaml = readYamlText(text, file);
  if (!yaml.ok) return yaml;
  const { value, document, lines } = yaml.value;
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  if (issue === undefined) return fail('config.invalid', `${file}: not a valid configuration`);
  const { message, mend, unknownKey } = describeIssue(issue);
  return fail('config.invalid', `${file}:${lineOf(document, issue.path, unknownKey, lines)}: ${message}`, { mend });
}

/**
 * Reads a YAML configuration file. Messages begin with `FILE:LINE:`.
 *
 * Errors: `config.unreadable`, `config.syntax`, `config.invalid` (an unknown key, a value that does not fit).
 */
export async function readYamlFile<T>(file: string, schema: z.ZodType<T>): Promise<Result<T>> {
  const text = await readSmallFile(file);
  return text.ok ? parseYaml(text.value, file, schema) : text;
}

/** A text file of at most 1 MiB. Errors: `config.unreadable`. */
export async function readSmallFile(file: string): Promise<Result<string>> {
  try {
    const bytes = await readFile(file);
    if (bytes.length > largestFileBytes)
      return fail('config.unreadable', `${file} is larger than ${largestFileBytes} bytes`);
    return ok(bytes.toString('utf8'));
  } catch (thrown) {
    return fail(
      'config.unreadable',
      `${file} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      {
        mend: 'Check that the file exists and that you may read it.',
      },
    );
  }
}

/** A path in a configuration file: relative ones are relative to that file's folder. */
export const resolveFrom = (file: string, path: string): string => resolve(dirname(file), path);
