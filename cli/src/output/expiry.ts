const dayMs = 24 * 3_600_000;

/** Until when a certificate holds: the day, and how many days that is from now. `notAfter` is ISO 8601 in UTC. */
export function expiryText(notAfter: string, nowMs: number): string {
  const day = notAfter.slice(0, 10);
  const days = Math.floor((Date.parse(notAfter) - nowMs) / dayMs);
  return days < 0 ? day : `${day}, in ${days} days`;
}
