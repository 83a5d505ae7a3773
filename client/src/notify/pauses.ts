const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How long a notification is tried after it was queued, in milliseconds. */
export const giveUpAfterMs = 24 * hourMs;

/** Between attempts, in milliseconds; the last one is repeated. */
const pauses = [5000, 30_000, 2 * minuteMs, 10 * minuteMs, 30 * minuteMs, hourMs, 2 * hourMs, 4 * hourMs] as const;

/** The most that a receiver may put off the next attempt, in milliseconds. */
const longestWishMs = hourMs;

/** When a notification is tried again that failed so many times; later where the receiver asks for it, within bounds. */
export function nextAttemptMs(attempts: number, nowMs: number, wishedMs = 0): number {
  const pause = pauses[Math.min(attempts, pauses.length) - 1] ?? pauses[0];
  return nowMs + Math.max(pause, Math.min(wishedMs, longestWishMs));
}
