import type { Database } from 'better-sqlite3';
import { storedName } from './column-names.ts';
import { decodeSegment, encodeSegment, segmentOf, segmentSize, type StoredSegment } from './segment.ts';

/** How many numbers of columns are remembered. */
const rememberedIds = 100_000;

interface Change {
  readonly slot: number;
  /** `undefined` takes the value away. */
  readonly value: unknown;
}

/** Changes of nodes, gathered by column, so that each segment is written once for many nodes. */
export class ColumnChanges {
  readonly byColumn = new Map<string, Change[]>();

  set(column: string, slot: number, value: unknown): void {
    const changes = this.byColumn.get(column);
    if (changes === undefined) this.byColumn.set(column, [{ slot, value }]);
    else changes.push({ slot, value });
  }
}

/** Writes columns. Inside a transaction of the caller's; call `forget` when that fails. */
export function createColumnWriter(db: Database) {
  const find = db.prepare<[string], number>('SELECT id FROM columns WHERE name = ?').pluck();
  const add = db.prepare<[string], number>('INSERT INTO columns (name) VALUES (?) RETURNING id').pluck();
  const read = db.prepare<[number, number], StoredSegment>(
    'SELECT dictionary, codes FROM column_segments WHERE column_id = ? AND segment = ?',
  );
  const write = db.prepare(`
    INSERT OR REPLACE INTO column_segments (column_id, segment, revision, types, nodes, dictionary, codes)
    VALUES (?, ?, ?, ?, ?, ?, ?)`);
  const ids = new Map<string, number>();

  function idOf(column: string): number {
    const known = ids.get(column);
    if (known !== undefined) return known;
    const name = storedName(column);
    const id = find.get(name) ?? add.get(name);
    if (id === undefined) throw new Error('A column was stored without a number');
    if (ids.size >= rememberedIds) ids.clear();
    ids.set(column, id);
    return id;
  }

  function writeSegment(id: number, segment: number, changes: readonly Change[], revision: number): void {
    const values = decodeSegment(read.get(id, segment));
    for (const { slot, value } of changes) values[slot % segmentSize] = value;
    // A segment that has become empty stays, so that its revision tells readers of the change.
    const { types, nodes, dictionary, codes } = encodeSegment(values);
    write.run(id, segment, revision, types, nodes, dictionary, codes);
  }

  return {
    write(changes: ColumnChanges, revision: number): void {
      for (const [column, ofColumn] of changes.byColumn) {
        const id = idOf(column);
        for (const [segment, ofSegment] of Map.groupBy(ofColumn, ({ slot }) => segmentOf(slot)))
          writeSegment(id, segment, ofSegment, revision);
      }
    },
    /** Numbers of columns that a failed transaction gave away are no longer true. */
    forget: () => ids.clear(),
  };
}
