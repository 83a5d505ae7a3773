/** Where a line is in a text, in UTF-16 units, its end without the line break; null when there is no such line. */
export function lineSpan(text: string, line: number): { readonly start: number; readonly end: number } | null {
  const lines = text.split('\n');
  const found = lines[line - 1];
  if (found === undefined) return null;
  const start = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  return { start, end: start + found.length };
}

/** What a line says. */
export function lineText(text: string, line: number): string {
  const span = lineSpan(text, line);
  return span === null ? '' : text.slice(span.start, span.end).trimEnd();
}
