const dayMs = 24 * 3_600_000;

/** From when on each command says that the certificate ends, at the earliest, in milliseconds. */
const warnedMs = 30 * dayMs;

/** Until when a certificate holds: the day, and how many days that is from now. `notAfter` is ISO 8601 in UTC. */
export function expiryText(notAfter: string, nowMs: number): string {
  const day = notAfter.slice(0, 10);
  const days = Math.floor((Date.parse(notAfter) - nowMs) / dayMs);
  return days < 0 ? day : `${day}, in ${days} days`;
}

/** What is said of a certificate that ends soon, when its renewal is due; undefined before. Times are in milliseconds since the epoch. */
export function renewalText(
  { notAfterMs, renewalDueMs }: { readonly notAfterMs: number; readonly renewalDueMs: number },
  nowMs: number,
): string | undefined {
  if (nowMs < Math.max(renewalDueMs, notAfterMs - warnedMs)) return undefined;
  const until = expiryText(new Date(notAfterMs).toISOString(), nowMs);
  return `muster: the certificate of this console holds until ${until}. Renew it: muster keys renew\n`;
}
