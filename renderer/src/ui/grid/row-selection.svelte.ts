/** Rows that a person has picked, by their keys. Order is the order of picking. */
export class RowSelection {
  #keys = $state.raw<ReadonlySet<string>>(new Set());
  /** Where a range begins, and what was picked before it was drawn: drawing it anew replaces it. */
  #anchor = 0;
  #before: ReadonlySet<string> = new Set();
  #question = 0;

  get keys(): ReadonlySet<string> {
    return this.#keys;
  }
  get size(): number {
    return this.#keys.size;
  }
  has(key: string): boolean {
    return this.#keys.has(key);
  }

  toggle(key: string, index: number): void {
    const keys = new Set(this.#keys);
    if (!keys.delete(key)) keys.add(key);
    this.#put(keys);
    this.#anchor = index;
  }

  /** The next range begins at this row. */
  startAt(index: number): void {
    this.#anchor = index;
    this.#before = this.#keys;
    this.#question++;
  }

  /**
   * Picks all rows from where the range begins to this one, and lets go of those of the range before; `keysBetween` may
   * have to ask for rows that are not here.
   */
  async extendTo(
    index: number,
    keysBetween: (first: number, last: number) => Promise<readonly string[]>,
  ): Promise<void> {
    const question = ++this.#question;
    const before = this.#before;
    const between = await keysBetween(Math.min(this.#anchor, index), Math.max(this.#anchor, index));
    if (question === this.#question) this.#keys = new Set([...before, ...between]);
  }

  replace(keys: readonly string[]): void {
    this.#put(new Set(keys));
  }

  clear(): void {
    this.#put(new Set());
  }

  #put(keys: ReadonlySet<string>): void {
    this.#keys = keys;
    this.#before = keys;
    this.#question++;
  }
}
