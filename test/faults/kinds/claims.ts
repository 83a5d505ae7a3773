import { setTimeout as pause } from 'node:timers/promises';
import { pick, type Random } from '@muster/build/fleet';

const pollMs = 100;

/** Gives each fault things of its own, so that one does not mend what another has just broken. */
export function createClaims<Thing>(things: readonly Thing[], random: Random, signal: AbortSignal) {
  const claimed = new Set<Thing>();
  return async function withOne<T>(suits: (thing: Thing) => boolean, work: (thing: Thing) => Promise<T>): Promise<T> {
    for (;;) {
      signal.throwIfAborted();
      const [first, ...others] = things.filter((thing) => !claimed.has(thing) && suits(thing));
      if (first === undefined) {
        await pause(pollMs);
        continue;
      }
      const chosen = pick(random, [first, ...others]);
      claimed.add(chosen);
      try {
        return await work(chosen);
      } finally {
        claimed.delete(chosen);
      }
    }
  };
}
