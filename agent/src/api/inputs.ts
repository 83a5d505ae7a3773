type Values = Readonly<Record<string, unknown>>;

const valueOf = (values: Values, name: string): unknown => (Object.hasOwn(values, name) ? values[name] : undefined);

/** A text among inputs or settings; undefined when it is absent or no text. */
export function textOf(values: Values, name: string): string | undefined {
  const value = valueOf(values, name);
  return typeof value === 'string' ? value : undefined;
}

/** A number, likewise. */
export function numberOf(values: Values, name: string): number | undefined {
  const value = valueOf(values, name);
  return typeof value === 'number' ? value : undefined;
}

/** True or false, likewise. */
export function booleanOf(values: Values, name: string): boolean | undefined {
  const value = valueOf(values, name);
  return typeof value === 'boolean' ? value : undefined;
}

/** A hash, likewise. */
export function hashOf(values: Values, name: string): Values | undefined {
  const value = valueOf(values, name);
  // Inputs and settings are JSON: an object that is no array is a hash.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : undefined;
}

/** A text that the DDL requires. Throws when it is not there, which validation has ruled out. */
export function requiredText(values: Values, name: string): string {
  const value = textOf(values, name);
  if (value === undefined) throw new TypeError(`${name} is missing`);
  return value;
}
