import { copyFileSync, existsSync, rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { schemaOf } from '../migrate.ts';
import { isDamage } from './damage.ts';
import { beginCopy, rewriteHeader } from './header.ts';
import { readableRows } from './salvage-rows.ts';

/** What a look at the fleet brings back, or what is meant for processes that are gone: it is not read from a damaged file. */
export const notSalvaged: readonly string[] = [
  'migrations',
  'consoles',
  'fleet',
  'nodes',
  'node_details',
  'node_recipients',
  'columns',
  'column_segments',
  'agents',
  'agent_sets',
  'data_plugins',
  'data_plugin_sets',
  'puppet',
  'puppet_nodes',
  'selections',
  'schedule_book',
  'notification_book',
];

/** What people made by hand comes first. */
const first: readonly string[] = ['preferences', 'presets', 'node_groups', 'node_group_parts', 'schedules', 'runs'];

export interface Salvaged {
  /** How many rows of each table were saved. */
  readonly rows: Readonly<Record<string, number>>;
  /** Whether something could not be read. */
  readonly isPartial: boolean;
  /** How many rows of answers and states of nodes were read, and left out because their run could not be. */
  readonly lostAnswers: number;
}

/** The columns of a table; none when there is no such table, or its description cannot be read. */
function columnsOf(db: Database.Database, table: string): readonly string[] {
  try {
    return db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
  } catch (thrown) {
    if (isDamage(thrown)) return [];
    throw thrown;
  }
}

/** Removes rows whose other half was lost; gives how many of which table. */
function dropOrphans(sound: Database.Database): Readonly<Record<string, number>> {
  const orphans = sound
    .prepare<[], { table: string; rowid: number }>('SELECT DISTINCT "table", rowid FROM pragma_foreign_key_check')
    .all();
  const dropped: Record<string, number> = {};
  for (const { table, rowid } of orphans) {
    sound.prepare(`DELETE FROM "${table}" WHERE rowid = ?`).run(rowid);
    dropped[table] = (dropped[table] ?? 0) + 1;
  }
  return dropped;
}

/** A copy of a damaged database, as far as SQLite can open it. */
export class DamagedCopy {
  readonly #file: string;
  readonly #db: Database.Database | null;

  private constructor(file: string, db: Database.Database | null) {
    this.#file = file;
    this.#db = db;
  }

  /** Copies the file with its write-ahead log to `copy`; the original is only read. Throws what the file system throws. */
  static take(databaseFile: string, copy: string): DamagedCopy {
    DamagedCopy.#remove(copy);
    copyFileSync(databaseFile, copy);
    if (existsSync(`${databaseFile}-wal`)) copyFileSync(`${databaseFile}-wal`, `${copy}-wal`);
    if (statSync(copy).size === 0) beginCopy(copy);
    const asItIs = DamagedCopy.#open(copy);
    if (asItIs !== null) return new DamagedCopy(copy, asItIs);
    return new DamagedCopy(copy, rewriteHeader(copy) ? DamagedCopy.#open(copy) : null);
  }

  static #remove(copy: string): void {
    for (const end of ['', '-wal', '-shm']) rmSync(`${copy}${end}`, { force: true });
  }

  static #open(copy: string): Database.Database | null {
    const db = new Database(copy);
    try {
      // Tables that are sound are read even where the description of others is not.
      db.unsafeMode(true);
      db.pragma('writable_schema = ON');
      db.prepare('SELECT count(*) FROM sqlite_schema').get();
      return db;
    } catch (thrown) {
      db.close();
      if (isDamage(thrown)) return null;
      throw thrown;
    }
  }

  /** Whether tables can be found in it at all. */
  get hasTables(): boolean {
    const db = this.#db;
    return db !== null && first.some((table) => columnsOf(db, table).length > 0);
  }

  /** The schema that it says it has; null when it does not say. */
  get schema(): number | null {
    if (this.#db === null) return null;
    try {
      return schemaOf(this.#db);
    } catch (thrown) {
      if (isDamage(thrown)) return null;
      throw thrown;
    }
  }

  /** Writes every row that can be read into a sound database of the same schema. Throws what that one throws. */
  saveInto(sound: Database.Database): Salvaged {
    let isPartial = this.#db === null;
    const onLoss = () => {
      isPartial = true;
    };
    const rows: Record<string, number> = {};
    const tables = sound
      .prepare<[], string>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
      )
      .pluck()
      .all();
    const wanted = new Set(
      [...first, ...tables].filter((name) => tables.includes(name) && !notSalvaged.includes(name)),
    );
    sound.pragma('foreign_keys = OFF');
    for (const table of wanted) rows[table] = this.#saveTable(sound, table, onLoss);
    const dropped = dropOrphans(sound);
    const lostAnswers = dropped['run_nodes'] ?? 0;
    for (const [table, number] of Object.entries(dropped)) rows[table] = (rows[table] ?? 0) - number;
    return { rows, lostAnswers, isPartial: isPartial || Object.keys(dropped).length > 0 };
  }

  close(): void {
    this.#db?.close();
    DamagedCopy.#remove(this.#file);
  }

  #saveTable(sound: Database.Database, table: string, onLoss: () => void): number {
    const source = this.#db;
    if (source === null) return 0;
    // One that does not say its schema may be older.
    const readable = columnsOf(source, table);
    if (readable.length === 0) {
      onLoss();
      return 0;
    }
    const columns = columnsOf(sound, table).filter((name) => readable.includes(name));
    // Of two rows with the same key, which only damage makes, the later is the one that counts.
    const insert = sound.prepare(
      `INSERT OR REPLACE INTO "${table}" (rowid, ${columns.map((name) => `"${name}"`).join(', ')}) VALUES (?${', ?'.repeat(columns.length)})`,
    );
    const saved = sound.prepare<[], number>(`SELECT count(*) FROM "${table}"`).pluck();
    const save = sound.transaction((): void => {
      for (const row of readableRows(source, table, columns, onLoss)) {
        try {
          insert.run(...row);
        } catch (thrown) {
          // A strict table refuses what is of another type: damage that SQLite could not see.
          if (!(thrown instanceof Database.SqliteError) || !thrown.code.startsWith('SQLITE_CONSTRAINT')) throw thrown;
          onLoss();
        }
      }
    });
    try {
      save();
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
      onLoss();
    }
    return saved.get() ?? 0;
  }
}
