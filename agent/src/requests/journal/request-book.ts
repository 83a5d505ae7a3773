import type { Ending } from './record.ts';

/**
 * How long a request is remembered beyond what its time to live and clocks that differ make needful, in milliseconds: a clock
 * that is stepped by minutes must not make the node forget what can still come.
 */
export const spareMs = 3600 * 1000;

/** What is remembered of one request. */
export interface Entry {
  /** Until when it could come again, in milliseconds since the epoch. */
  forgetAtMs: number;
  /**
   * `running`: no verdict yet; `answered`: there is one; `cancelled`: it is not to be carried out should it come.
   */
  status: 'running' | 'answered' | 'cancelled';
  /** Whether later processes must know of it. What only reads may be forgotten at any time: it may run again. */
  isDurable: boolean;
  /** Whether the broker has taken the answer, or none is wanted. */
  isSent: boolean;
  /** The record that says all this; none while nothing of it is written. */
  record: Buffer | undefined;
}

export interface BookBounds {
  /** Most entries: 100,000. */
  readonly entries: number;
  /** Most bytes of records of what must be remembered: 64 MiB. */
  readonly durableBytes: number;
  /** Most bytes of records of what may be forgotten: 8 MiB. */
  readonly otherBytes: number;
}

export const bookBounds: BookBounds = {
  entries: 100_000,
  durableBytes: 64 * 1024 * 1024,
  otherBytes: 8 * 1024 * 1024,
};

/** Number of entries from which those are looked for that may be forgotten. */
const forgetFrom = 1000;

/** Records up to this size are not worth making smaller, in bytes. */
const smallBytes = 2048;

/** The same ending without its data. */
export const withoutData = (ending: Ending): Ending => ({ ...ending, data: {} });

/** The requests that a node remembers, oldest first, within bounds. */
export class RequestBook {
  readonly #entries = new Map<string, Entry>();
  readonly #bounds: BookBounds;
  /** Makes the record of an entry small: what was answered stays, what was found goes. */
  readonly #shrink: (entry: Entry) => Buffer | undefined;
  #forgetAtSize = forgetFrom;
  #durableBytes = 0;
  #otherBytes = 0;

  constructor(bounds: BookBounds, shrink: (entry: Entry) => Buffer | undefined) {
    this.#bounds = bounds;
    this.#shrink = shrink;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** What is remembered of a request and not over yet. */
  get(key: string, nowMs: number): Entry | undefined {
    const entry = this.#entries.get(key);
    return entry === undefined || (entry.forgetAtMs < nowMs && entry.status !== 'running') ? undefined : entry;
  }

  entries(): IterableIterator<[string, Entry]> {
    return this.#entries.entries();
  }

  /** Whether there is room for another. */
  hasRoom(nowMs: number): boolean {
    if (this.#entries.size >= Math.min(this.#forgetAtSize, this.#bounds.entries)) this.forget(nowMs);
    if (this.#entries.size >= this.#bounds.entries) this.#forgetOthers();
    return this.#entries.size < this.#bounds.entries && this.#durableBytes < this.#bounds.durableBytes;
  }

  add(key: string, entry: Entry): void {
    this.delete(key);
    this.#entries.set(key, entry);
    this.#account(entry, 1);
  }

  /** Changes an entry, and makes room for what was added to it. */
  update(entry: Entry, change: Partial<Entry>): void {
    this.#account(entry, -1);
    Object.assign(entry, change);
    this.#account(entry, 1);
    if (this.#durableBytes > this.#bounds.durableBytes) this.#dropData();
    if (this.#otherBytes > this.#bounds.otherBytes) this.#forgetOthers();
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#account(entry, -1);
    this.#entries.delete(key);
  }

  /** Forgets what is over. */
  forget(nowMs: number): void {
    for (const [key, { forgetAtMs, status }] of this.#entries) {
      if (forgetAtMs < nowMs && status !== 'running') this.delete(key);
    }
    // Looking again pays when there is about as much to forget as to keep.
    this.#forgetAtSize = Math.max(forgetFrom, 2 * this.#entries.size);
  }

  #account({ isDurable, record }: Entry, sign: 1 | -1): void {
    const bytes = sign * (record?.length ?? 0);
    if (isDurable) this.#durableBytes += bytes;
    else this.#otherBytes += bytes;
  }

  /** Drops the data of the oldest answers that have arrived, so much that it need not be done again soon. */
  #dropData(): void {
    const enough = (this.#bounds.durableBytes * 3) / 4;
    for (const entry of this.#entries.values()) {
      if (this.#durableBytes <= enough) return;
      const { isDurable, isSent, record } = entry;
      if (!isDurable || !isSent || (record?.length ?? 0) <= smallBytes) continue;
      const small = this.#shrink(entry);
      this.#account(entry, -1);
      entry.record = small;
      this.#account(entry, 1);
    }
  }

  /** Forgets the oldest of what may be forgotten and is over: a quarter, so that it need not be done again soon. */
  #forgetOthers(): void {
    const enough = (this.#bounds.otherBytes * 3) / 4;
    const enoughEntries = (this.#bounds.entries * 3) / 4;
    for (const [key, { isDurable, status }] of this.#entries) {
      if (this.#otherBytes <= enough && this.#entries.size <= enoughEntries) return;
      if (!isDurable && status === 'answered') this.delete(key);
    }
  }
}
