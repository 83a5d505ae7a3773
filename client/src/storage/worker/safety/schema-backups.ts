import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { backupFolder, backupsOf } from './backups.ts';
import { stampOf } from './files.ts';
import { writeSnapshot } from './snapshot.ts';

/** How many backups from before a change of the schema are kept. */
const keptBackups = 3;

const isSchemaBackup = (backup: string, databaseFile: string): boolean =>
  basename(backup).startsWith(`${basename(databaseFile, '.db')}-schema-`);

/** `muster-schema-9-20261126T005830Z.db`: what follows the schema sorts by time. */
const timeOf = (name: string): string => name.split('-').at(-1) ?? '';

/** Copies a database before its schema changes, and removes the oldest of such copies; gives the path of the copy. Throws as {@link writeSnapshot} does. */
export function backUpSchema(databaseFile: string, schema: number, nowMs: number): string {
  const folder = backupFolder(databaseFile);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const target = join(folder, `${basename(databaseFile, '.db')}-schema-${schema}-${stampOf(nowMs)}.db`);
  writeSnapshot(databaseFile, target);
  const all = backupsOf(databaseFile)
    .filter((backup) => isSchemaBackup(backup, databaseFile))
    .sort((one, other) => timeOf(one).localeCompare(timeOf(other)));
  for (const backup of all.slice(0, -keptBackups)) rmSync(backup, { force: true });
  return target;
}
