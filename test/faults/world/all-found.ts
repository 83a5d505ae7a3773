import { setTimeout as pause } from 'node:timers/promises';
import type { World } from './world.ts';

const readyMs = 600_000;

/** Waits until every console finds every node. */
export async function allFound(
  { consoles, identities }: World,
  { say, signal }: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const deadline = performance.now() + readyMs;
  for (const console of consoles) {
    for (let found = 0; found < identities.length;) {
      const refreshed = await console.refresh();
      if (refreshed.ok) found = Number(refreshed.value);
      if (found >= identities.length) break;
      say(`console ${console.name} knows ${found} of ${identities.length} nodes`);
      if (performance.now() > deadline) throw new Error('The fleet did not get ready');
      await pause(1000, undefined, { signal });
    }
  }
}
