import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the backups of a database are. */
export const backupFolder = (databaseFile: string): string => join(dirname(databaseFile), 'backups');

/** Paths of the backups of a database, by name; none where there is no such folder. */
export function backupsOf(databaseFile: string): readonly string[] {
  const folder = backupFolder(databaseFile);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.db'))
    .sort()
    .map((name) => join(folder, name));
}

/** The same, the one that was written last first. */
export function newestBackups(databaseFile: string): readonly string[] {
  const writtenAt = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return backupsOf(databaseFile).toSorted((one, other) => writtenAt(other) - writtenAt(one));
}
