import { resolve } from 'node:path';
import { importRuns, type ImportedRuns } from '@muster/client/database';
import { ok, type Result } from '@muster/protocol/errors';
import { cleanJson, cleanText } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import type { PassphraseFlags } from '../options/passphrase.ts';
import { findDatabase, type DatabaseFlags } from './database.ts';
import { noteDeed } from './note-deed.ts';

export interface ImportFlags extends DatabaseFlags, PassphraseFlags {
  readonly skipDamaged?: true;
}

/** Lines of damage that are told of one import; JSON has all of them. */
const mostLines = 20;

const runs = (count: number): string => `${count} ${count === 1 ? 'run' : 'runs'}`;

function damageText({ damage }: ImportedRuns): string {
  const lines = damage.slice(0, mostLines).map(({ file, line, problem }) => `${file}:${line}: ${problem}`);
  const more = damage.length > mostLines ? [`… and ${damage.length - mostLines} more`] : [];
  return [...lines, ...more].map((line) => `${line}\n`).join('');
}

function resultText({ imported, present, refused, interrupted }: ImportedRuns, keepMs: number | null): string {
  const notes = [
    ...(present.length === 0 ? [] : [`${runs(present.length)} were here already.`]),
    ...(refused.length === 0
      ? []
      : [`Left out ${runs(refused.length)} with damaged lines; --skip-damaged takes what can be read of them.`]),
    ...(interrupted ? ['Interrupted before the end.'] : []),
    ...(keepMs === null || imported.length === 0
      ? []
      : ['Those that are older than `history: keep` in console.yaml go back to the archive within a day.']),
  ];
  return `${[`Imported ${runs(imported.length)}.`, ...notes].join(' ')}\n`;
}

/**
 * `muster runs import`: reads archived runs back into the database. Exit code 0; 1 when something is damaged, and left out or skipped; 130 when a person
 * interrupted it.
 */
export async function importArchives(
  files: readonly string[],
  flags: ImportFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const found = await findDatabase(flags, surroundings);
  if (!found.ok) return found;
  const { file, history } = found.value;
  const { stdout, stderr, interrupted, now } = surroundings;
  const imported = await importRuns(file, files, {
    nowMs: now(),
    skipDamaged: flags.skipDamaged === true,
    signal: interrupted,
  });
  if (!imported.ok) return imported;
  const { value } = imported;
  if (value.imported.length > 0) {
    const details = { runs: value.imported.length, files: files.map((one) => resolve(one)) };
    await noteDeed(flags, { kind: 'import', details }, surroundings);
  }
  if (flags.json === true) stdout.write(`${cleanJson(value, 1)}\n`);
  else {
    stderr.write(cleanText(damageText(value)));
    stdout.write(cleanText(resultText(value, history.keepMs)));
  }
  if (value.interrupted) return ok(exitCodes.interrupted);
  return ok(value.damage.length === 0 ? exitCodes.ok : exitCodes.error);
}
