import type { Database } from 'better-sqlite3';
import { joinPath, splitPath } from '@muster/protocol/filter';
import { factColumnName, holdsWholeHashes, storedName, type NameList } from './column-names.ts';
import { emptyColumn, mergeColumns, readColumn, type Column } from './column.ts';
import type { StoredSegment } from './segment.ts';
import { listBit } from './value-types.ts';

/** A column as it was at one time. */
export interface DatedColumn {
  readonly column: Column;
  /** Differs when the column does. */
  readonly stamp: string;
}

const nowhere: DatedColumn = { column: emptyColumn, stamp: '' };

/** Columns in memory: those used last, up to a bound on their size. Each is read anew when it changed, by whichever process. */
export class ColumnCache {
  readonly #idOf;
  readonly #revisionOf;
  readonly #hasLists;
  readonly #segments;
  readonly #boundBytes: number;
  /** In order of use. */
  readonly #kept = new Map<string, DatedColumn>();
  #sizeBytes = 0;

  constructor(db: Database, boundBytes: number) {
    this.#boundBytes = boundBytes;
    this.#idOf = db.prepare<[string], number>('SELECT id FROM columns WHERE name = ?').pluck();
    this.#revisionOf = db
      .prepare<[number], number | null>('SELECT max(revision) FROM column_segments WHERE column_id = ?')
      .pluck();
    this.#hasLists = db
      .prepare<[number, number], number>(
        'SELECT 1 FROM column_segments INDEXED BY column_segments_figures WHERE column_id = ? AND types & ? LIMIT 1',
      )
      .pluck();
    this.#segments = db.prepare<[number], StoredSegment & { segment: number }>(
      'SELECT segment, dictionary, codes FROM column_segments WHERE column_id = ? ORDER BY segment',
    );
  }

  /** What the columns in memory take, in bytes. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** The lists of names of all nodes. */
  names(list: NameList): DatedColumn {
    return this.#stored(list);
  }

  /** What `factLookup` of the path finds on each node; of a hash its keys, with null. */
  fact(path: string): DatedColumn {
    const steps = splitPath(path);
    const own = this.#stored(factColumnName(joinPath(steps)));
    if (steps.length === 1) return own;
    const literal = this.#stored(factColumnName(joinPath([steps.join('.')])));
    const beginnings = steps.slice(1).flatMap((_step, at) => {
      const beginning = joinPath(steps.slice(0, at + 1));
      const whole = holdsWholeHashes(beginning);
      if (!whole && !this.#mayHaveLists(beginning)) return [];
      const dated = this.#stored(factColumnName(beginning));
      return [{ dated, rest: steps.slice(at + 1), isWhole: whole ? () => true : Array.isArray }];
    });
    if (literal === nowhere && beginnings.length === 0) return own;
    const stamp = ['merged', own.stamp, literal.stamp, ...beginnings.map(({ dated }) => dated.stamp)].join(' ');
    return this.#keep(`path:${path}`, stamp, () =>
      mergeColumns({
        own: own.column,
        literal: literal.column,
        beginnings: beginnings.map(({ dated, ...rest }) => ({ column: dated.column, ...rest })),
      }),
    );
  }

  #mayHaveLists(path: string): boolean {
    const id = this.#idOf.get(storedName(factColumnName(path)));
    return id !== undefined && this.#hasLists.get(id, listBit) !== undefined;
  }

  #stored(name: string): DatedColumn {
    const id = this.#idOf.get(storedName(name));
    if (id === undefined) return nowhere;
    return this.#keep(name, `${id}:${this.#revisionOf.get(id) ?? 0}`, () => readColumn(this.#segments.all(id)));
  }

  #keep(key: string, stamp: string, read: () => Column): DatedColumn {
    const known = this.#kept.get(key);
    if (known !== undefined) {
      this.#kept.delete(key);
      if (known.stamp === stamp) {
        this.#kept.set(key, known);
        return known;
      }
      this.#sizeBytes -= known.column.sizeBytes;
    }
    const dated = { column: read(), stamp };
    this.#kept.set(key, dated);
    this.#sizeBytes += dated.column.sizeBytes;
    this.#shrink();
    return dated;
  }

  /** Lets go of what was used longest ago; the column in use stays, however large. */
  #shrink(): void {
    for (const [key, { column }] of this.#kept) {
      if (this.#sizeBytes <= this.#boundBytes || this.#kept.size === 1) return;
      this.#kept.delete(key);
      this.#sizeBytes -= column.sizeBytes;
    }
  }
}
