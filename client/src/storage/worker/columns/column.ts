import { stepInto } from '@muster/protocol/filter';
import { eachCode, segmentSize, segmentValues, type StoredSegment } from './segment.ts';
import { ValueIndex } from './value-index.ts';

/** One fact, or one list of names, of all nodes. */
export interface Column {
  /** For each slot the code of its value; 0 where the node has none, as have all slots beyond the end. */
  readonly codes: Uint32Array;
  /** The distinct values by code; `undefined` for 0. Some may belong to no node. */
  readonly values: readonly unknown[];
  /** Roughly what it takes in memory. */
  readonly sizeBytes: number;
}

/** What a value takes beside its text: a pointer, a header, an entry of a table. */
const valueOverheadBytes = 32;

function sizeOf(values: readonly unknown[]): number {
  let sizeBytes = 0;
  for (const value of values) {
    const length =
      typeof value === 'string' ? value.length : typeof value === 'object' ? JSON.stringify(value).length : 0;
    sizeBytes += valueOverheadBytes + 2 * length;
  }
  return sizeBytes;
}

const columnOf = (codes: Uint32Array, values: readonly unknown[]): Column => ({
  codes,
  values,
  sizeBytes: codes.byteLength + sizeOf(values),
});

export const emptyColumn: Column = columnOf(new Uint32Array(0), [undefined]);

/** Joins segments, in order of their numbers, into one column. */
export function readColumn(segments: readonly (StoredSegment & { readonly segment: number })[]): Column {
  const last = segments.at(-1);
  if (last === undefined) return emptyColumn;
  const codes = new Uint32Array((last.segment + 1) * segmentSize);
  const index = new ValueIndex();
  for (const stored of segments) {
    const start = stored.segment * segmentSize;
    const global = Uint32Array.from(segmentValues(stored), (value) => index.codeOf(value));
    eachCode(stored, (place, code) => {
      codes[start + place] = global[code - 1] ?? 0;
    });
  }
  return columnOf(codes, index.values);
}

/** Where the value of a path may come from besides its own column. */
export interface ColumnParts {
  readonly own: Column;
  /** The fact whose name is the whole path, dots and all: it goes before everything else. */
  readonly literal: Column;
  /** Columns of the path's beginnings, with the steps that are left: some of their values are whole, such as arrays. */
  readonly beginnings: readonly {
    readonly column: Column;
    readonly rest: readonly string[];
    readonly isWhole: (value: unknown) => boolean;
  }[];
}

/** The column that a look-up of the path in each node would give. */
export function mergeColumns({ own, literal, beginnings }: ColumnParts): Column {
  const all = [own, literal, ...beginnings.map(({ column }) => column)];
  const codes = new Uint32Array(Math.max(...all.map((column) => column.codes.length)));
  const index = new ValueIndex();
  const take = (column: Column, found: (value: unknown) => unknown) => {
    const global = column.values.map((value) => index.codeOf(value === undefined ? undefined : found(value)));
    column.codes.forEach((code, slot) => {
      const merged = global[code] ?? 0;
      if (merged !== 0) codes[slot] = merged;
    });
  };
  for (const { column, rest, isWhole } of beginnings)
    take(column, (value) => (isWhole(value) ? stepInto(value, rest) : undefined));
  take(own, (value) => value);
  take(literal, (value) => value);
  return columnOf(codes, index.values);
}
