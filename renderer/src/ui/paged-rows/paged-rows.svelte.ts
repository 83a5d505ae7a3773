import type { Fault, Result } from '@muster/protocol/errors';

export interface Slice<T> {
  readonly total: number;
  readonly rows: readonly T[];
}

export type FetchSlice<T> = (offset: number, limit: number) => Promise<Result<Slice<T>>>;

/** How many rows are asked for at once. */
export const pageSize = 100;

/** So many rows before and after those in sight are asked for too, so that scrolling meets rows, not gaps. */
const rowsAhead = 40;

const pageOf = (row: number): number => Math.floor(row / pageSize);

/** The most pages that are kept: rows far away are asked for again. */
const pagesKept = 40;

/**
 * The later rows, of which those that are as they were stay the same objects, and the earlier list when all are: what
 * did not change is not drawn again.
 */
function keepSame<T>(earlier: readonly T[], later: readonly T[]): readonly T[] {
  const rows = later.map((row, index) => {
    const known = earlier[index];
    return known !== undefined && JSON.stringify(known) === JSON.stringify(row) ? known : row;
  });
  return rows.length === earlier.length && rows.every((row, index) => row === earlier[index]) ? earlier : rows;
}

/**
 * A long list of which only the shown parts are in memory. Rows of an earlier question stay in sight until the first
 * answer to the new one, so nothing flickers.
 */
export class PagedRows<T> {
  #pages = $state.raw<ReadonlyMap<number, readonly T[]>>(new Map());
  #total = $state.raw<number | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #isOutdated = $state.raw(false);
  #fetch: FetchSlice<T> | null = null;
  /** Counts the questions: an answer to an earlier one is dropped. */
  #question = 0;
  #pending = new Set<number>();
  #stale = new Set<number>();
  #firstShown = 0;
  #lastShown = 0;

  /** Number of rows; null until the first answer. */
  get total(): number | null {
    return this.#total;
  }
  get fault(): Fault | null {
    return this.#fault;
  }
  /** Whether the rows still answer an earlier question. */
  get isOutdated(): boolean {
    return this.#isOutdated;
  }

  /** The row, or undefined while it is not here. */
  row(index: number): T | undefined {
    return this.#pages.get(pageOf(index))?.[index % pageSize];
  }

  /** All rows in memory, in order. */
  get loaded(): readonly T[] {
    return [...this.#pages].sort(([a], [b]) => a - b).flatMap(([, rows]) => rows);
  }

  /** Asks a new question; the answer's first rows replace all that is shown. */
  ask(fetch: FetchSlice<T>): void {
    this.#fetch = fetch;
    this.#question++;
    this.#pending.clear();
    this.#stale.clear();
    this.#isOutdated = true;
    this.#firstShown = 0;
    this.#lastShown = pageSize - 1 - rowsAhead;
    void this.#fetchPage(0, this.#question);
  }

  /** Asks the same again, without taking away what is shown meanwhile. */
  refresh(): void {
    if (this.#isOutdated) return;
    for (const page of this.#pages.keys()) this.#stale.add(page);
    this.#fetchShown();
  }

  /** Tells which rows are in sight, from `first` to `last`, both included. */
  show(first: number, last: number): void {
    this.#firstShown = first;
    this.#lastShown = last;
    if (!this.#isOutdated) this.#fetchShown();
  }

  #fetchShown(): void {
    const first = this.#firstShown;
    const last = Math.max(this.#lastShown, 0);
    const lastPage = pageOf(last + rowsAhead);
    for (let page = pageOf(Math.max(first - rowsAhead, 0)); page <= lastPage; page++) {
      const isInSight = page >= pageOf(first) && page <= pageOf(last);
      const isKnown = this.#pages.has(page) && !(isInSight && this.#stale.has(page));
      const isBeyond = page > 0 && page * pageSize >= (this.#total ?? 0);
      if (!isKnown && !isBeyond && !this.#pending.has(page)) void this.#fetchPage(page, this.#question);
    }
  }

  async #fetchPage(page: number, question: number): Promise<void> {
    const fetch = this.#fetch;
    if (fetch === null) return;
    this.#pending.add(page);
    this.#stale.delete(page);
    const answer = await fetch(page * pageSize, pageSize);
    if (question !== this.#question) return;
    this.#pending.delete(page);
    if (!answer.ok) {
      this.#fault = answer.error;
      return;
    }
    const earlier = this.#isOutdated ? undefined : this.#pages.get(page);
    const rows = earlier === undefined ? answer.value.rows : keepSame(earlier, answer.value.rows);
    if (rows !== earlier) {
      const kept = this.#isOutdated ? [] : [...this.#pages].filter(([known]) => known !== page).slice(-(pagesKept - 1));
      this.#pages = new Map([...kept, [page, rows]]);
    }
    this.#total = answer.value.total;
    this.#fault = null;
    this.#isOutdated = false;
    this.#fetchShown();
  }
}
