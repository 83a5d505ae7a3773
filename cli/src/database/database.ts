import { join, resolve } from 'node:path';
import { readLocalSettings, type LocalSettings } from '@muster/client/configuration';
import {
  backUpDatabase,
  checkDatabase,
  compactDatabase,
  usualBackup,
  type DatabaseReport,
} from '@muster/client/database';
import { ok, type Result } from '@muster/protocol/errors';
import { homeOf } from '../options/home.ts';
import { cleanJson, cleanText } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import { sizeText } from '../output/sizes.ts';
import type { Surroundings } from '../surroundings.ts';
import { noteDeed } from './note-deed.ts';

export interface DatabaseFlags {
  readonly home?: string;
  readonly json?: true;
}

export interface BackUpFlags extends DatabaseFlags {
  readonly force?: true;
}

/** Where the database is, without opening it: it may be damaged. Keys are not needed for what stays on this computer. */
export async function findDatabase(
  { home }: DatabaseFlags,
  surroundings: Surroundings,
): Promise<Result<Pick<LocalSettings, 'history'> & { readonly file: string }>> {
  const read = await readLocalSettings(homeOf(home, surroundings));
  if (!read.ok) return read;
  const { dataFolder, history } = read.value;
  return ok({ file: join(dataFolder, 'muster.db'), history });
}

const isSound = ({ damage, orphans }: DatabaseReport): boolean => damage.length === 0 && (orphans ?? 0) === 0;

function reportText(report: DatabaseReport): string {
  const { damage, orphans, oldestRunMs } = report;
  const known = (value: number | null): string => (value === null ? 'unknown' : String(value));
  const oldest = oldestRunMs === null ? '' : `, the oldest of ${new Date(oldestRunMs).toISOString()}`;
  const free = report.freeBytes === null ? '' : `, ${sizeText(report.freeBytes)} of it unused`;
  const lines = [
    `Database   ${report.file}`,
    `State      ${isSound(report) ? 'sound' : 'DAMAGED'}`,
    ...damage.map((line) => `           ${line}`),
    ...(orphans !== null && orphans > 0 ? [`           ${orphans} rows belong to others that are not there`] : []),
    `Size       ${sizeText(report.bytes)}${free}; log ${sizeText(report.logBytes)}`,
    `Schema     ${known(report.schema)}`,
    `Runs       ${known(report.runs)}${oldest}`,
    `Notices    ${known(report.notices)}`,
    ...report.backups.map((path) => `Backup     ${path}`),
    ...report.setAside.map((path) => `Set aside  ${path}`),
  ];
  const mend = isSound(report) ? [] : ['', 'The next start of Muster sets it aside and saves what can be read.'];
  return cleanText(`${[...lines, ...mend].join('\n')}\n`);
}

/** `muster db check`: exit code 1 when something is wrong. */
export async function check(flags: DatabaseFlags, surroundings: Surroundings): Promise<Result<number>> {
  const found = await findDatabase(flags, surroundings);
  if (!found.ok) return found;
  const checked = checkDatabase(found.value.file);
  if (!checked.ok) return checked;
  const report = checked.value;
  surroundings.stdout.write(
    flags.json === true ? `${cleanJson({ sound: isSound(report), ...report }, 1)}\n` : reportText(report),
  );
  return ok(isSound(report) ? exitCodes.ok : exitCodes.error);
}

/** `muster db backup`. */
export async function backUp(
  target: string | undefined,
  flags: BackUpFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const found = await findDatabase(flags, surroundings);
  if (!found.ok) return found;
  const { file } = found.value;
  const copy = target === undefined ? usualBackup(file, surroundings.now()) : resolve(target);
  const bytes = backUpDatabase(file, copy, { replace: flags.force === true });
  if (!bytes.ok) return bytes;
  await noteDeed(flags, { kind: 'export', details: { what: 'database', file: copy } }, surroundings);
  surroundings.stdout.write(
    flags.json === true
      ? `${cleanJson({ file: copy, bytes: bytes.value })}\n`
      : cleanText(`Wrote ${copy}, ${sizeText(bytes.value)}.\n`),
  );
  return ok(exitCodes.ok);
}

/** `muster db compact`. */
export async function compact(flags: DatabaseFlags, surroundings: Surroundings): Promise<Result<number>> {
  const found = await findDatabase(flags, surroundings);
  if (!found.ok) return found;
  const { file, history } = found.value;
  const compacted = await compactDatabase(file, history, surroundings.now(), surroundings.interrupted);
  if (!compacted.ok) return compacted;
  const { bytesBefore, bytesAfter, archivedRuns } = compacted.value;
  if (archivedRuns > 0) {
    const details = { runs: archivedRuns, folder: history.archive };
    await noteDeed(flags, { kind: 'archive', details }, surroundings);
  }
  const moved = archivedRuns === 0 ? '' : ` Moved ${archivedRuns} runs to ${history.archive}.`;
  surroundings.stdout.write(
    flags.json === true
      ? `${cleanJson({ ...compacted.value, archive: history.archive })}\n`
      : cleanText(`${sizeText(bytesBefore)} before, ${sizeText(bytesAfter)} now.${moved}\n`),
  );
  return ok(exitCodes.ok);
}
