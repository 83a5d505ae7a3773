import { cleanText } from '@muster/protocol/text';

/** What makes a spreadsheet take a cell for a formula, also written in full width. */
const formula = /^[=+\-@\t\n＝＋－＠]/;
const number = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function cell(text: string): string {
  const visible = cleanText(text);
  const harmless = formula.test(visible) && !number.test(visible) ? `'${visible}` : visible;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/**
 * One line of CSV as RFC 4180 has it. Cells that a spreadsheet would run as a formula get a `'` in front, since what nodes say is not to be
 * trusted; numbers stay as they are. What cannot be seen, or would move a terminal's cursor, is written out as `\u001b`.
 */
export const csvLine = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\r\n`;
