import { copyFileSync, existsSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { schemaOf } from '../migrate.ts';
import { isDamage } from './damage.ts';
import { rewriteHeader } from './header.ts';
import { readableRows } from './salvage-rows.ts';

/** What a look at the fleet brings back, or what is meant for processes that are gone: it is not read from a damaged file. */
export const notSalvaged: readonly string[] = [
  'migrations',
  'consoles',
  'fleet',
  'nodes',
  'node_details',
  'columns',
  'column_segments',
  'agents',
  'agent_sets',
  'data_plugins',
  'data_plugin_sets',
  'puppet',
  'puppet_nodes',
  'selections',
];

/** What people made by hand comes first. */
const first: readonly string[] = ['preferences', 'presets', 'node_groups', 'node_group_parts', 'runs'];

export interface Salvaged {
  /** How many rows of each table were saved. */
  readonly rows: Readonly<Record<string, number>>;
  /** Whether something could not be read. */
  readonly isPartial: boolean;
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
    return { rows, isPartial: this.#dropOrphans(sound, rows) || isPartial };
  }

  close(): void {
    this.#db?.close();
    DamagedCopy.#remove(this.#file);
  }

  #saveTable(sound: Database.Database, table: string, onLoss: () => void): number {
    const source = this.#db;
    if (source === null) return 0;
    const columnsOf = (db: Database.Database) =>
      db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
    const columns = columnsOf(sound);
    const insert = sound.prepare(
      `INSERT OR IGNORE INTO "${table}" (rowid, ${columns.map((name) => `"${name}"`).join(', ')}) VALUES (?${', ?'.repeat(columns.length)})`,
    );
    const save = sound.transaction((): number => {
      let saved = 0;
      for (const row of readableRows(source, table, columns, onLoss)) {
        try {
          if (insert.run(...row).changes === 1) saved++;
          else onLoss();
        } catch (thrown) {
          // A strict table refuses what is of another type: damage that SQLite could not see.
          if (!(thrown instanceof Database.SqliteError) || !thrown.code.startsWith('SQLITE_CONSTRAINT')) throw thrown;
          onLoss();
        }
      }
      return saved;
    });
    try {
      return columnsOf(source).length === 0 ? this.#missing(onLoss) : save();
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
      onLoss();
      return 0;
    }
  }

  #missing(onLoss: () => void): number {
    onLoss();
    return 0;
  }

  /** Rows whose other half was lost. */
  #dropOrphans(sound: Database.Database, rows: Record<string, number>): boolean {
    const orphans = sound.prepare<[], { table: string; rowid: number }>('PRAGMA foreign_key_check').all();
    for (const { table, rowid } of orphans) {
      sound.prepare(`DELETE FROM "${table}" WHERE rowid = ?`).run(rowid);
      rows[table] = (rows[table] ?? 1) - 1;
    }
    return orphans.length > 0;
  }
}
