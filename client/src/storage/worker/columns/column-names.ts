import { splitPath } from '@muster/protocol/filter';

/** The lists of names that a node has; each is a column of its own. */
export const nameLists = ['classes', 'agents', 'collectives'] as const;
export type NameList = (typeof nameLists)[number];

const factPrefix = 'fact:';

/** The column of a fact; its path as `joinPath` writes it. */
export const factColumnName = (path: string): string => factPrefix + path;

/** The path of a fact's column; null for the column of a list. */
export const factPathOf = (columnName: string): string | null =>
  columnName.startsWith(factPrefix) ? columnName.slice(factPrefix.length) : null;

/** How many steps deep hashes are taken apart; what lies deeper stays whole, inside the column of the last step. */
export const deepestSteps = 12;

/** Whether the column of a fact holds hashes as a whole. */
export const holdsWholeHashes = (path: string): boolean => splitPath(path).length >= deepestSteps;

/** As a name is stored: SQLite's texts would lose halves of characters and end at a NUL. */
export const storedName = (columnName: string): string => JSON.stringify(columnName).slice(1, -1);

/** What `storedName` was given. */
export function readStoredName(stored: string): string {
  // What is between quotes is a JSON string.
  return JSON.parse(`"${stored}"`) as string;
}
