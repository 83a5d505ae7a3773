/** Notes what a DDL says that has no equivalent; `about` names the place, as in `action status, input pattern`. */
export type Warn = (about: string, message: string) => void;

/** Collects warnings as sentences, each once. */
export function createWarnings(): { readonly warn: Warn; readonly list: () => readonly string[] } {
  const warnings = new Set<string>();
  return {
    warn: (about, message) => {
      warnings.add(`${about}: ${message}`);
    },
    list: () => [...warnings],
  };
}

/** Text of at most `length` characters; what is not text becomes `otherwise`. */
export function textWithin(
  value: unknown,
  length: number,
  place: { readonly about: string; readonly what: string; readonly warn: Warn },
  otherwise = '',
): string {
  const { about, what, warn } = place;
  if (value === undefined || value === null) {
    warn(about, `no ${what}`);
    return otherwise;
  }
  const text = typeof value === 'string' ? value.trim() : JSON.stringify(value);
  if (text.length <= length) return text;
  warn(about, `${what} cut to ${length} characters`);
  return text.slice(0, length);
}
