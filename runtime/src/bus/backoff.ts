import type { RandomBytes } from '../effects/index.ts';

export interface BackoffBounds {
  /** Shortest first pause, in milliseconds. */
  readonly minMs: number;
  /** Longest pause, in milliseconds. */
  readonly maxMs: number;
}

/**
 * How long to wait before attempt `attempt` (counted from 1): doubling, never above `maxMs`, and anywhere in the upper
 * half of that, so that a fleet does not come back all at once.
 */
export function backoffMs(attempt: number, bounds: BackoffBounds, random: RandomBytes): number {
  const ceiling = Math.min(bounds.maxMs, bounds.minMs * 2 ** Math.min(attempt, 30));
  const [high = 0, low = 0] = random(2);
  return ceiling / 2 + ((high * 256 + low) / 65_536) * (ceiling / 2);
}
