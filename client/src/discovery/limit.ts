import type { Amount, Limit } from '@muster/protocol/bridge';
import type { RandomBytes } from '@muster/runtime/effects';

/** How many of `total` nodes a limit leaves: a share is rounded down, and is one node at least. */
export function limitCount({ unit, amount }: Amount, total: number): number {
  return Math.min(total, unit === 'nodes' ? amount : Math.max(1, Math.floor((total * amount) / 100)));
}

/** How many nodes make a batch: a share is rounded up, and is one node at least. */
export function batchCount({ unit, amount }: Amount, total: number): number {
  return Math.max(1, unit === 'nodes' ? amount : Math.ceil((total * amount) / 100));
}

/** The limit with a seed where it draws and none was given, so that the same nodes can be drawn again. */
export function withSeed(limit: Limit, randomBytes: RandomBytes): Limit {
  if (limit.method === 'first' || limit.seed !== undefined) return limit;
  const seed = randomBytes(4).reduce((number, byte) => number * 256 + byte, 0);
  return { ...limit, seed };
}

/** Evenly spread numbers from 0 to below 1 (mulberry32): for drawing lots, not for secrets. */
function numbersFrom(seed: number): () => number {
  // Seeds beyond 32 bits must differ as well.
  let state = (seed ^ Math.floor(seed / 2 ** 32)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws without order of arrival: the names are sorted first, so that a seed always means the same nodes. */
function draw(identities: readonly string[], count: number, seed: number): readonly string[] {
  const pool = [...identities].sort();
  const next = numbersFrom(seed);
  return Array.from({ length: count }, (_unused, place) => {
    const at = place + Math.floor(next() * (pool.length - place));
    const drawn = pool[at] ?? '';
    pool[at] = pool[place] ?? '';
    pool[place] = drawn;
    return drawn;
  });
}

/** The nodes that a limit leaves of those that were found, in order of arrival or as they were drawn. */
export function applyLimit(identities: readonly string[], limit: Limit | undefined): readonly string[] {
  if (limit === undefined) return identities;
  const count = limitCount(limit.size, identities.length);
  if (count === identities.length) return identities;
  return limit.method === 'first' ? identities.slice(0, count) : draw(identities, count, limit.seed ?? 0);
}
