/** Names side by side, as many as fit into `width` characters, each line indented by three blanks and read from left to right. */
export function inColumns(names: readonly string[], width: number): readonly string[] {
  const cell = Math.max(...names.map((name) => name.length), 0) + 2;
  const perLine = Math.max(1, Math.floor((width - 3 + 2) / cell));
  const lines: string[] = [];
  for (let start = 0; start < names.length; start += perLine) {
    const line = names.slice(start, start + perLine).map((name) => name.padEnd(cell));
    lines.push(`   ${line.join('')}`.trimEnd());
  }
  return lines;
}

/** Rows below headings, each column as wide as its widest cell; the columns of `numbers` are set to the right. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly string[] = [],
): readonly string[] {
  const columns = headings.map((heading, index) => ({
    width: Math.max(heading.length, ...rows.map((row) => row[index]?.length ?? 0)),
    toTheRight: numbers.includes(heading),
  }));
  const line = (cells: readonly string[]) =>
    columns
      .map(({ width, toTheRight }, index) => (cells[index] ?? '')[toTheRight ? 'padStart' : 'padEnd'](width))
      .join('  ')
      .trimEnd();
  return [line(headings), columns.map(({ width }) => '-'.repeat(width)).join('  '), ...rows.map(line)];
}
