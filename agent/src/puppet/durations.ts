const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** `2 days 3 hours 4 minutes 05 seconds`; units in front that are zero are left out. */
export function humanDuration(totalSeconds: number): string {
  let rest = Math.max(0, Math.floor(totalSeconds));
  const parts: string[] = [];
  for (const [name, seconds] of units) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count === 0 && parts.length === 0) continue;
    parts.push(`${count} ${name}${count === 1 && name === 'day' ? '' : 's'}`);
  }
  return [...parts, `${String(rest).padStart(2, '0')} seconds`].join(' ');
}
