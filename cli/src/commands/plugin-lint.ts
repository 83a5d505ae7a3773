import { pluginNameOfFile } from '@muster/protocol/ddl';
import { lintDdl, type LintRule } from '@muster/protocol/ddl-lint';
import { ok, type Result } from '@muster/protocol/errors';
import { cleanJson, cleanLine } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import { readPlacedJson } from '../output/json-places.ts';
import { createPalette } from '../output/palette.ts';
import type { Surroundings } from '../surroundings.ts';

/** Longest DDL that is read, in bytes. */
export const longestDdlBytes = 4 * 2 ** 20;

export interface LintFlags {
  readonly json?: true;
}

interface FoundFault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly rule: LintRule;
  /** Keys and indexes from the root of the document. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What is wrong with the text of one file, in the order of the lines. */
export function lintText(file: string, text: string): readonly FoundFault[] {
  const json = readPlacedJson(text);
  if ('message' in json) {
    const { line, column, message } = json;
    return [{ file, line, column, rule: 'syntax', path: [], message }];
  }
  const name = pluginNameOfFile(file, 'agent');
  const faults = [
    ...json.duplicateKeys.map(({ key, place }): FoundFault => {
      return { file, ...place, rule: 'duplicate-key', path: [], message: `${key} stands twice here` };
    }),
    ...lintDdl(json.value, { name }).map(({ rule, path, atKey, message }): FoundFault => {
      return { file, ...json.placeOf(path, atKey), rule, path, message };
    }),
  ];
  return faults.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** `muster plugin lint`: exit code 1 when there is any finding. */
export async function lintPlugins(
  files: readonly string[],
  flags: LintFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const { stdout } = surroundings;
  const faults: FoundFault[] = [];
  for (const file of files) {
    const text = await surroundings.readFile(file, { longestBytes: longestDdlBytes });
    if (!text.ok) return text;
    faults.push(...lintText(file, text.value));
  }
  if (flags.json === true) stdout.write(`${cleanJson(faults, 1)}\n`);
  else {
    const { bold, dim } = createPalette(stdout.colours);
    for (const { file, line, column, rule, message } of faults) {
      stdout.write(`${bold(cleanLine(`${file}:${line}:${column}:`))} ${cleanLine(message)} ${dim(`[${rule}]`)}\n`);
    }
  }
  return ok(faults.length === 0 ? exitCodes.ok : exitCodes.error);
}
