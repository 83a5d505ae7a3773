/** How the address of one page reads and is written. */
export interface RouteFormat<R> {
  /** The route that an address names; null for the address of another page. `path` begins with a slash. */
  parse(path: string, params: URLSearchParams): R | null;
  /** The address, from `#` on. */
  print(route: R): string;
}

/** An address from `#` on, with those parameters that say something. */
export function address(path: string, params: Readonly<Record<string, string | null>> = {}): string {
  const given = Object.entries(params).flatMap(([key, value]) =>
    value === null || value === '' ? [] : [[key, value]],
  );
  return given.length === 0 ? `#${path}` : `#${path}?${new URLSearchParams(given).toString()}`;
}
