import { setTimeout as pause } from 'node:timers/promises';
import type { World } from '../world/world.ts';
import { runsOf } from './console-history.ts';

const finalStates: ReadonlySet<string> = new Set(['finished', 'stopped', 'cancelled', 'failed']);
const openStates = ['queued', 'sent', 'waiting', 'accepted', 'running', 'no_answer'] as const;
const pollMs = 2000;

/** How long after everything was mended nodes are still asked what became of requests that the broker gave back, in milliseconds. */
const askedLateMs = 15_000;

type Run = Awaited<ReturnType<typeof runsOf>>[number];

/** Whether an outcome may still come: all states but final ones, and silence of any node but a ghost. */
const isOpen = ({ state, states, target }: Run, ghosts: ReadonlySet<string>): boolean => {
  // A target names its ghosts, whether it is a list or a filter.
  const named = JSON.stringify(target);
  const silent = [...ghosts].filter((identity) => named.includes(identity)).length;
  const open = openStates.reduce((sum, name) => sum + (states[name] ?? 0), 0);
  return !finalStates.has(state) || open > (states.no_answer === undefined ? 0 : silent);
};

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

/** A run that did not come to its end, as its console has it. */
export interface UnsettledRun {
  readonly console: string;
  readonly runId: string;
  readonly state: Run['state'];
  readonly hold: Run['hold'];
  readonly states: Run['states'];
  readonly target: Run['target'];
}

export interface SettleOptions {
  readonly limitMs: number;
  /** Nodes that never answer. */
  readonly ghosts: ReadonlySet<string>;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * Waits until every run has ended and no node's outcome can still change, but no longer than so many milliseconds. Runs that somebody
 * paused are resumed. Gives the runs that are still open.
 */
export async function settle(
  world: World,
  { limitMs, ghosts, signal, say }: SettleOptions,
): Promise<readonly UnsettledRun[]> {
  const begunAt = performance.now();
  const deadline = begunAt + limitMs;
  for (;;) {
    signal.throwIfAborted();
    const open: UnsettledRun[] = [];
    for (const console of world.consoles) {
      for (const run of await runsOf(console)) {
        if (run.state === 'paused' && console.isUp) await console.steer('resume', run.runId);
        const { runId, state, hold, states, target } = run;
        if (isOpen(run, ghosts)) open.push({ console: console.name, runId, state, hold, states, target });
      }
    }
    const sinceMs = performance.now() - begunAt;
    if ((open.length === 0 && sinceMs > askedLateMs) || performance.now() > deadline) return open;
    if (open.length > 0) say(`${open.length} runs are not settled yet`);
    await pause(pollMs, undefined, { signal });
  }
}
