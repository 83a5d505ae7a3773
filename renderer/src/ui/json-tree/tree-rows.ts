/** One line of a tree over a JSON value. */
export interface TreeRow {
  /** The way to it: steps joined by dots, dots and backslashes inside a step escaped, as filters write paths. */
  readonly path: string;
  readonly key: string;
  readonly depth: number;
  readonly kind: 'hash' | 'array' | 'string' | 'number' | 'boolean' | 'null';
  /** The value of a leaf as text, the size of a branch. */
  readonly text: string;
  readonly isBranch: boolean;
  readonly isOpen: boolean;
}

const kindOf = (value: unknown): TreeRow['kind'] => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return 'hash';
  }
};

/** What lies below a value; a list of nothing for leaves. */
function childrenOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (Array.isArray(value)) return value.map((item: unknown, index) => [String(index), item] as const);
  if (typeof value === 'object' && value !== null) return Object.entries(value).sort(([a], [b]) => a.localeCompare(b));
  return [];
}

const join = (path: string, key: string): string => {
  const step = key.replaceAll(/[\\.]/g, String.raw`\$&`);
  return path === '' ? step : `${path}.${step}`;
};

const leafText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Whether a path or a value at or below this place holds the text. */
function holds(path: string, value: unknown, needle: string): boolean {
  if (path.toLowerCase().includes(needle)) return true;
  const children = childrenOf(value);
  if (children.length > 0) return children.some(([key, child]) => holds(join(path, key), child, needle));
  return leafText(value).toLowerCase().includes(needle);
}

/**
 * The lines to show of a tree. With a search text, all that holds it, unfolded; else what the person has unfolded.
 * Stops at `most` lines.
 */
export function treeRows(
  value: unknown,
  opened: ReadonlySet<string>,
  search: string,
  most: number,
): readonly TreeRow[] {
  const needle = search.trim().toLowerCase();
  const rows: TreeRow[] = [];
  const visit = (parent: unknown, path: string, depth: number) => {
    for (const [key, child] of childrenOf(parent)) {
      if (rows.length >= most) return;
      const childPath = join(path, key);
      if (needle !== '' && !holds(childPath, child, needle)) continue;
      const below = childrenOf(child);
      const kind = kindOf(child);
      const isBranch = below.length > 0;
      const isOpen = isBranch && (needle !== '' || opened.has(childPath));
      const empty = kind === 'hash' ? '{}' : '[]';
      const size = isBranch ? String(below.length) : kind === 'hash' || kind === 'array' ? empty : leafText(child);
      rows.push({ path: childPath, key, depth, kind, text: size, isBranch, isOpen });
      if (isOpen) visit(child, childPath, depth + 1);
    }
  };
  visit(value, '', 0);
  return rows;
}

/** Whether a tree is empty. */
export const isEmptyTree = (value: unknown): boolean => childrenOf(value).length === 0;
