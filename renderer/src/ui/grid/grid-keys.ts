/** Where a key moves the active row of a grid: null when the key does not move it. */
export function movedRow(key: string, active: number, total: number, pageRows: number): number | null {
  if (total === 0) return null;
  const bounded = (index: number) => Math.min(Math.max(index, 0), total - 1);
  switch (key) {
    case 'ArrowDown':
      return bounded(active + 1);
    case 'ArrowUp':
      return bounded(active - 1);
    case 'PageDown':
      return bounded(active + pageRows);
    case 'PageUp':
      return bounded(active - pageRows);
    case 'Home':
      return 0;
    case 'End':
      return total - 1;
    default:
      return null;
  }
}
