import type { Database } from 'better-sqlite3';
import { isDamage } from './damage.ts';

/** A row, its number first. */
export type SalvagedRow = readonly [rowid: number, ...values: unknown[]];

/** Further than this apart, in row numbers, nothing is looked for behind a damaged place. */
const farthest = 2 ** 40;

/** Texts of Muster never have a NUL: where one is, an overwritten page was read. */
const isPlausible = (row: SalvagedRow): boolean =>
  row.every((value) => typeof value !== 'string' || !value.includes('\0'));

/**
 * Reads all rows of a table that can be read. Behind a place that cannot be read it looks for the next row that can: at distances that
 * double, and then by halves back to the first. Rows are found by their number, so every place is tried by itself.
 *
 * `onLoss` is called for each place or row that is left out.
 */
export function* readableRows(
  db: Database,
  table: string,
  columns: readonly string[],
  onLoss: () => void,
): Generator<SalvagedRow> {
  const names = ['rowid', ...columns].map((name) => `"${name}"`).join(', ');
  const from = (limit: string) =>
    db.prepare<[number], SalvagedRow>(`SELECT ${names} FROM "${table}" WHERE rowid >= ? ORDER BY rowid ${limit}`).raw();
  const rows = from('');
  const first = from('LIMIT 1');

  /** The number of the first row at or after this one: null when there is none, undefined when it cannot be read. */
  const probe = (at: number): number | null | undefined => {
    try {
      return first.get(at)?.[0] ?? null;
    } catch (thrown) {
      if (isDamage(thrown)) return undefined;
      throw thrown;
    }
  };

  const behind = (bad: number): number | null => {
    let step = 1;
    while (step <= farthest && probe(bad + step) === undefined) step *= 2;
    if (step > farthest) return null;
    // Between the last place that failed and the first that did not.
    let low = bad + Math.floor(step / 2);
    let high = bad + step;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (probe(middle) === undefined) low = middle;
      else high = middle;
    }
    return high;
  };

  let next: number | null = 0;
  while (next !== null) {
    const start: number = next;
    let reached = start;
    try {
      for (const row of rows.iterate(start)) {
        reached = row[0] + 1;
        if (isPlausible(row)) yield row;
        else onLoss();
      }
      return;
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
      onLoss();
      next = behind(reached);
    }
  }
}
