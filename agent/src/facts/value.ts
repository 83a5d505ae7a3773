/** What a fact may be: any JSON value. */
export type FactValue =
  string | number | boolean | null | readonly FactValue[] | { readonly [name: string]: FactValue };

/** Facts by name. Only own properties count. */
export type Facts = Readonly<Record<string, FactValue>>;

const deepest = 32;

export const isFactMap = (value: FactValue | undefined): value is Facts =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value from YAML or JSON as a fact; numbers that JSON lacks become texts. Throws on what is nested too deep or no data. */
export function toFactValue(value: unknown, depth = 0): FactValue {
  if (depth > deepest) throw new RangeError(`nested deeper than ${deepest} levels`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map((element) => toFactValue(element, depth + 1));
  if (typeof value === 'object') {
    // `fromEntries` defines own properties, so that a fact named `__proto__` is a fact like any other.
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toFactValue(member, depth + 1)]));
  }
  throw new TypeError(`holds a ${typeof value}, which is no fact`);
}

/** Facts of several sources as one; of equal names the later source wins as a whole. */
export const mergeFacts = (sources: readonly Facts[]): Facts =>
  Object.fromEntries(sources.flatMap((source) => Object.entries(source)));
