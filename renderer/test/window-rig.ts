import { createBridgeClient, type BridgeClient } from '@muster/protocol/bridge';
import type { Clock } from '../src/ui/clock.ts';
import { FakeEngine } from './fake-engine.ts';

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  #nowMs = 1_700_000_000_000;
  readonly #timers = new Set<{ atMs: number; everyMs: number | null; run: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  after(ms: number, run: () => void): () => void {
    return this.#start({ atMs: this.#nowMs + ms, everyMs: null, run });
  }

  every(ms: number, run: () => void): () => void {
    return this.#start({ atMs: this.#nowMs + ms, everyMs: ms, run });
  }

  /** Moves on, running what is due on the way. */
  move(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#nowMs = next.atMs;
      if (next.everyMs === null) this.#timers.delete(next);
      else next.atMs += next.everyMs;
      next.run();
    }
    this.#nowMs = endMs;
  }

  /** How many timers are still going. */
  get pending(): number {
    return this.#timers.size;
  }

  #start(timer: { atMs: number; everyMs: number | null; run: () => void }): () => void {
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }
}

export interface WindowRig {
  readonly clock: ManualClock;
  readonly engine: FakeEngine;
  readonly bridge: BridgeClient;
  /** Resolves when all that was asked of the engine is answered. */
  readonly settled: () => Promise<void>;
}

/** A window's bridge on a fake engine, behind the real dispatcher, under a clock of the test's own. */
export function createWindowRig(nodes = 30): WindowRig {
  const clock = new ManualClock();
  const engine = new FakeEngine({
    nodes,
    nowMs: () => clock.now(),
    // Pulls that wait for news are ended by news alone.
    startTimer: () => () => undefined,
  });
  const pause = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
  return {
    clock,
    engine,
    bridge: createBridgeClient(engine.transport, pause),
    async settled() {
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
