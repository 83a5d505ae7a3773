/** What a column would like, in points, and the least that it can do with. */
export interface WantedWidth {
  readonly natural: number;
  readonly least: number;
}

/**
 * Widths that fill a page: what columns would like, and a share of what is left; where there is not enough, the widest give first, down to
 * their least.
 */
export function columnWidths(wanted: readonly WantedWidth[], available: number): readonly number[] {
  const sum = wanted.reduce((total, { natural }) => total + natural, 0);
  if (sum <= available) return wanted.map(({ natural }) => natural * (available / sum));
  let ceiling = 0;
  let left = available;
  const open = wanted.map(({ natural }) => natural).sort((a, b) => a - b);
  for (const [at, natural] of open.entries()) {
    ceiling = left / (open.length - at);
    if (natural > ceiling) break;
    left -= natural;
  }
  const cut = wanted.map(({ natural, least }) => Math.max(least, Math.min(natural, ceiling)));
  const taken = cut.reduce((total, width) => total + width, 0);
  return cut.map((width) => width * (available / taken));
}
