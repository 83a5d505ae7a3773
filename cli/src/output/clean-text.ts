import { cleanLine } from '@muster/protocol/text';

export { cleanJson, cleanLine, cleanText } from '@muster/protocol/text';

const longestCell = 80;

/** A value in a cell of a table: on one line, and cut where it is long. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = cleanLine(typeof value === 'string' ? value.replace(/\n+$/, '') : JSON.stringify(value));
  return text.length > longestCell ? `${text.slice(0, longestCell - 1)}…` : text;
}
