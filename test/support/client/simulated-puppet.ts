import { fail, ok } from '@muster/protocol/errors';
import type { AskPuppet, PuppetAnswer, PuppetQuestion } from '../../../client/src/puppet/ask-puppet.ts';
import type { SimulatedTime } from './simulated-time.ts';

/** What a simulated node is like; times in milliseconds. */
export interface PuppetNature {
  /** From the order to the lock of the run. */
  readonly beginsAfterMs: number;
  readonly takesMs: number;
  /** Takes orders, and never begins. */
  readonly neverBegins?: boolean;
  /** A run of its own is under way at the beginning, for so long. */
  readonly ownRunMs?: number;
  readonly disabled?: string;
  /** Disabled so long after it has begun to run. */
  readonly disabledAfterMs?: number;
  /** Refuses to run and says this. */
  readonly refuses?: string;
  /** Gone from then on. */
  readonly vanishesAtMs?: number;
  /** The broker knows no such node. */
  readonly unknown?: boolean;
  /** From a question to its answer. */
  readonly latencyMs: number;
  /** How far its clock is ahead. */
  readonly skewMs: number;
  readonly failed?: number;
}

/** Puppet on a node in simulated time. */
export class SimulatedNode {
  readonly identity: string;
  readonly nature: PuppetNature;
  /** Orders that it took: what the journal of a real node makes at most one for each request. */
  accepted = 0;
  /** Runs that it began on orders. */
  begun = 0;
  readonly #time: SimulatedTime;
  readonly #startMs: number;
  readonly #journal = new Set<string>();
  #run: { readonly fromMs: number; readonly toMs: number; counted: boolean } | null = null;
  #lastRun: number;

  constructor(identity: string, nature: PuppetNature, time: SimulatedTime) {
    this.identity = identity;
    this.nature = nature;
    this.#time = time;
    this.#startMs = time.nowMs;
    this.#lastRun = Math.floor((time.nowMs + nature.skewMs) / 1000) - 600;
    if (nature.ownRunMs !== undefined)
      this.#run = { fromMs: time.nowMs, toMs: time.nowMs + nature.ownRunMs, counted: true };
  }

  get isThere(): boolean {
    return this.#time.nowMs - this.#startMs < (this.nature.vanishesAtMs ?? Infinity);
  }

  get applying(): boolean {
    this.#settle();
    return this.#run !== null && this.#time.nowMs >= this.#run.fromMs;
  }

  answer({ action, requestId }: PuppetQuestion, issuedAtMs: number, ttlMs: number): Omit<PuppetAnswer, 'identity'> {
    this.#settle();
    const nodeTimeMs = this.#time.nowMs + this.nature.skewMs;
    const told = (data: PuppetAnswer['data']) => ({ outcome: 'ok' as const, statusMessage: 'OK', data, nodeTimeMs });
    const refused = (outcome: PuppetAnswer['outcome'], statusMessage: string) => ({
      outcome,
      statusMessage,
      data: {},
      nodeTimeMs,
    });
    if (action === 'status') return told(this.#status());
    if (action === 'last_run_summary')
      return told({ lastrun: this.#lastRun, total_resources: 7, failed_resources: this.nature.failed ?? 0 });
    if (nodeTimeMs - issuedAtMs > ttlMs) return refused('expired', 'too old');
    if (requestId !== undefined && this.#journal.has(requestId)) return refused('refused', 'seen before');
    this.#journal.add(requestId ?? '');
    if (this.nature.refuses !== undefined) return refused('failed', this.nature.refuses);
    if (this.#disabled !== null) return refused('failed', 'Puppet is disabled');
    if (this.applying) return refused('failed', 'Puppet is currently applying a catalog, cannot run now');
    this.accepted += 1;
    const fromMs = this.#time.nowMs + this.nature.beginsAfterMs;
    if (this.nature.neverBegins !== true) {
      this.#run = { fromMs, toMs: fromMs + this.nature.takesMs, counted: false };
      // The moment has to come even where nobody asks.
      this.#time.startTimer(this.nature.beginsAfterMs, () => this.#settle());
    }
    return told({ initiated_at: Math.floor(nodeTimeMs / 1000) });
  }

  get #disabled(): string | null {
    const { disabled, disabledAfterMs } = this.nature;
    if (disabledAfterMs === undefined) return disabled ?? null;
    return this.#run !== null && this.#time.nowMs >= this.#run.fromMs + disabledAfterMs ? 'in the middle' : null;
  }

  #status(): PuppetAnswer['data'] {
    const message = this.#disabled;
    return {
      applying: this.applying,
      idling: false,
      daemon_present: false,
      enabled: message === null,
      disable_message: message ?? '',
      lastrun: this.#lastRun,
    };
  }

  #settle(): void {
    const run = this.#run;
    if (run === null || this.#time.nowMs < run.fromMs) return;
    if (!run.counted) {
      run.counted = true;
      this.begun += 1;
    }
    if (this.#time.nowMs < run.toMs) return;
    this.#lastRun = Math.floor((run.toMs + this.nature.skewMs) / 1000);
    this.#run = null;
  }
}

/** A fleet in simulated time. `onAsk` is told of each question before it is sent; what it returns is waited for. */
export class SimulatedFleet {
  readonly nodes: ReadonlyMap<string, SimulatedNode>;
  /** Whether the broker is away. */
  isDown = false;
  readonly #time: SimulatedTime;

  constructor(natures: readonly PuppetNature[], time: SimulatedTime) {
    this.#time = time;
    const named = natures.map((nature, index) => new SimulatedNode(`n${index}`, nature, time));
    this.nodes = new Map(named.map((node) => [node.identity, node]));
  }

  ask: AskPuppet = async (question) => {
    if (this.isDown) return fail('broker.closed', 'The broker is away');
    const { identities, timeoutMs, ttlMs, onSent, onAnswer, signal } = question;
    const issuedAtMs = this.#time.nowMs;
    const silent = new Set(identities);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const stopTimer = this.#time.startTimer(timeoutMs, () => resolve(undefined));
    signal?.addEventListener('abort', () => resolve(undefined));
    const strike = (identity: string) => {
      silent.delete(identity);
      if (silent.size === 0) resolve(undefined);
    };
    let isOver = false;
    for (const identity of identities) {
      const node = this.nodes.get(identity);
      if (node === undefined || node.nature.unknown === true) {
        onSent?.(identity, 'unknown_node');
        strike(identity);
        continue;
      }
      onSent?.(identity, 'sent');
      const way = node.nature.latencyMs / 2;
      this.#time.startTimer(way, () => {
        if (!node.isThere) return;
        const answer = node.answer(question, issuedAtMs, ttlMs);
        this.#time.startTimer(way, () => {
          if (isOver || signal?.aborted === true || !silent.has(identity)) return;
          onAnswer({ identity, ...answer });
          strike(identity);
        });
      });
    }
    if (silent.size === 0 || signal?.aborted === true) resolve(undefined);
    await promise;
    isOver = true;
    stopTimer();
    return ok(undefined);
  };
}
