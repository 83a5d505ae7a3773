import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { unwrap } from '@muster/protocol/errors';
import { migrate } from '../migrate.ts';
import { migrations } from '../migrations/index.ts';
import { noteNotice } from '../notices.ts';
import { clearSuspicion } from './damage.ts';
import { publishFile, stampOf, syncToDisk } from './files.ts';
import { chooseSource } from './salvage-source.ts';
import type { Salvaged } from './salvage.ts';

/** The new database once it is complete, before it is put in the place of the damaged one. */
const salvagedOf = (file: string): string => `${file}.salvaged`;

/** A name beside the file that nothing has yet. */
function freeName(file: string, nowMs: number): string {
  const stem = `${file}.damaged-${stampOf(nowMs)}`;
  let name = stem;
  for (let number = 2; existsSync(name); number++) name = `${stem}-${number}`;
  return name;
}

function wordsFor(rows: Salvaged['rows']): string {
  const words: readonly (readonly [string, string])[] = [
    ['presets', 'presets'],
    ['node_groups', 'groups'],
    ['preferences', 'preferences'],
    ['runs', 'runs'],
    ['run_nodes', 'answers and states of nodes'],
    ['runalls', 'runalls of Puppet'],
  ];
  return words.map(([table, word]) => `${rows[table] ?? 0} ${word}`).join(', ');
}

/** What a person has to know of what is missing. */
function lossWords({ isPartial, lostAnswers }: Salvaged, backup: string | null): string {
  if (backup !== null) {
    return ` They are from the backup ${backup}, for no table of the damaged database could be found: what came after that backup is missing.`;
  }
  const answers =
    lostAnswers > 0 ? ` ${lostAnswers} answers and states of nodes were left out, for their runs are lost.` : '';
  return isPartial ? ` Something could not be read.${answers}` : '';
}

interface Told {
  readonly aside: string;
  readonly reason: string;
  readonly backup: string | null;
}

function tell(db: Database.Database, { aside, reason, backup }: Told, saved: Salvaged, nowMs: number): void {
  noteNotice(db, {
    code: 'storage.corrupt',
    message: `The database was damaged (${reason}) and has been set aside. Into a new one were saved: ${wordsFor(saved.rows)}.${lossWords(saved, backup)}`,
    mend: `The old file is ${aside}. The inventory is read anew from the fleet. Where something is missing, put a backup in the place of the new file while Muster is closed.`,
    atMs: nowMs,
  });
}

/** The new database with all that could be read, complete and on the disk. */
function writeSalvaged(file: string, aside: string, reason: string, nowMs: number): void {
  const unfinished = `${file}.salvaging`;
  for (const end of ['', '-journal']) rmSync(`${unfinished}${end}`, { force: true });
  const { copy: source, backup } = chooseSource(file, `${file}.reading`);
  const db = new Database(unfinished);
  const noBackup = () => '';
  try {
    chmodSync(unfinished, 0o600);
    // It counts once it is complete, and is synced then.
    db.pragma('synchronous = OFF');
    const { schema } = source;
    const known = migrations.filter(({ number }) => number <= (schema ?? Infinity));
    if (known.length > 0) unwrap(migrate(db, known, nowMs, noBackup));
    const saved = source.saveInto(db);
    unwrap(migrate(db, migrations, nowMs, noBackup));
    tell(db, { aside, reason, backup }, saved, nowMs);
    db.close();
    publishFile(unfinished, salvagedOf(file));
  } finally {
    db.close();
    source.close();
    for (const end of ['', '-journal']) rmSync(`${unfinished}${end}`, { force: true });
  }
}

/** Whether a process died while it put a new database in the place of a damaged one. */
export const isHalfReplaced = (file: string): boolean => existsSync(salvagedOf(file));

/** Goes on where that process died; only for who has the file alone. */
export function finishReplacing(file: string, nowMs: number): void {
  if (!isHalfReplaced(file)) return;
  if (existsSync(file)) {
    // It died before the first step, so the damaged file is where it was, and is looked at again.
    rmSync(salvagedOf(file));
    return;
  }
  // A log without its database belongs to the one that was set aside.
  replace(file, freeName(file, nowMs));
}

function replace(file: string, aside: string): void {
  for (const end of ['', '-wal']) if (existsSync(`${file}${end}`)) renameSync(`${file}${end}`, `${aside}${end}`);
  rmSync(`${file}-shm`, { force: true });
  clearSuspicion(file);
  renameSync(salvagedOf(file), file);
  syncToDisk(dirname(file));
}

/**
 * Sets a damaged database aside under a name with the time, and puts a new one in its place with everything that could be read and a notice of
 * what happened. Only for who has the file alone. Throws what SQLite or the file system throws; the damaged file is where it was then.
 */
export function setAside(file: string, reason: string, nowMs: number): void {
  const aside = freeName(file, nowMs);
  writeSalvaged(file, aside, reason, nowMs);
  replace(file, aside);
}
