/** Rows that a person has picked, by their keys. Order is the order of picking. */
export class RowSelection {
  #keys = $state.raw<ReadonlySet<string>>(new Set());
  #anchor = 0;

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
    this.#keys = keys;
    this.#anchor = index;
  }

  /** Adds all rows from the last toggled one to this one; `keysBetween` may have to ask for rows that are not here. */
  async extendTo(
    index: number,
    keysBetween: (first: number, last: number) => Promise<readonly string[]>,
  ): Promise<void> {
    const between = await keysBetween(Math.min(this.#anchor, index), Math.max(this.#anchor, index));
    this.#keys = new Set([...this.#keys, ...between]);
  }

  replace(keys: readonly string[]): void {
    this.#keys = new Set(keys);
  }

  clear(): void {
    this.#keys = new Set();
  }
}
