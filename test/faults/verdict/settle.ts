import { setTimeout as pause } from 'node:timers/promises';
import type { World } from '../world/world.ts';
import { runsOf } from './console-history.ts';

const finalStates: ReadonlySet<string> = new Set(['finished', 'stopped', 'cancelled', 'failed']);
const openStates = ['queued', 'sent', 'waiting', 'accepted', 'running', 'no_answer'] as const;
const pollMs = 2000;

/** Mends whatever may still be broken: everything runs and is connected, on a right clock. */
export async function mendAll({ hosts, consoles }: World): Promise<void> {
  for (const { proxy, clock, disk } of [...hosts, ...consoles]) {
    proxy.heal();
    await clock.set(0);
    await disk?.free();
  }
  for (const party of [...hosts, ...consoles]) {
    party.signal('SIGCONT');
    await party.start();
  }
}

/**
 * Waits until every run has ended and no node's outcome can still change, but no longer than so many milliseconds. Runs that somebody
 * paused are resumed. Gives how many runs are still open.
 */
export async function settle(
  world: World,
  { limitMs, signal, say }: { limitMs: number; signal: AbortSignal; say: (line: string) => void },
): Promise<number> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    signal.throwIfAborted();
    let open = 0;
    for (const console of world.consoles) {
      for (const { runId, state, states } of await runsOf(console)) {
        if (state === 'paused' && console.isUp) await console.steer('resume', runId);
        if (!finalStates.has(state) || openStates.some((name) => (states[name] ?? 0) > 0)) open++;
      }
    }
    if (open === 0 || performance.now() > deadline) return open;
    say(`${open} runs are not settled yet`);
    await pause(pollMs, undefined, { signal });
  }
}
