/** Numbers distinct JSON values in the order in which they come, from 1; `7` and `"7"` are two. */
export class ValueIndex {
  readonly values: unknown[] = [undefined];
  readonly #scalars = new Map<unknown, number>();
  readonly #composites = new Map<string, number>();

  /** The code of a value; 0 for `undefined`. */
  codeOf(value: unknown): number {
    if (value === undefined) return 0;
    const isComposite = typeof value === 'object' && value !== null;
    return isComposite
      ? this.#code(this.#composites, JSON.stringify(value), value)
      : this.#code(this.#scalars, value, value);
  }

  #code<K>(known: Map<K, number>, key: K, value: unknown): number {
    const code = known.get(key);
    if (code !== undefined) return code;
    known.set(key, this.values.length);
    return this.values.push(value) - 1;
  }
}

/** Whether two JSON values are one to {@link ValueIndex}. */
export const sameValue = (left: unknown, right: unknown): boolean =>
  left === right ||
  (typeof left === 'object' && typeof right === 'object' && JSON.stringify(left) === JSON.stringify(right));
