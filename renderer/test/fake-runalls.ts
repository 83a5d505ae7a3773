import type {
  PuppetNode,
  RunallNode,
  RunallNodeState,
  RunallOrder,
  RunallState,
  RunallSummary,
  SkipReason,
} from '@muster/protocol/bridge';
import { seededRandom } from './fake-fleet.ts';

const inSlots: readonly RunallNodeState[] = ['busy', 'starting', 'running'];
const final: readonly RunallState[] = ['finished', 'cancelled', 'failed'];

/** A runall of the fake engine; `advance` lets slots move on. */
export class FakeRunall {
  readonly runallId: string;
  nodes: RunallNode[];
  /** Cleared to play a console that went away. */
  isConducted = true;
  readonly #order: RunallOrder;
  readonly #puppet: ReadonlyMap<string, PuppetNode>;
  readonly #startedAtMs: number;
  readonly #random: () => number;
  #state: RunallState = 'running';
  #finishedAtMs: number | null = null;
  #revision = 1;

  constructor(runallId: string, order: RunallOrder, nodes: readonly PuppetNode[], startedAtMs: number) {
    this.runallId = runallId;
    this.#order = order;
    this.#startedAtMs = startedAtMs;
    this.#random = seededRandom(Number.parseInt(runallId.slice(0, 6), 16));
    this.#puppet = new Map(nodes.map((node) => [node.identity, node]));
    this.nodes = nodes.map((node) => {
      const skipped: SkipReason | null =
        node.state === 'disabled' ? 'disabled' : node.state === 'unknown' ? 'no_answer' : null;
      return {
        identity: node.identity,
        state: skipped !== null ? 'skipped' : node.applying ? 'busy' : 'waiting',
        reason: skipped,
        detail: skipped === 'disabled' ? node.disableMessage : '',
        askedAtMs: null,
        begunAtMs: null,
        endedAtMs: skipped === null ? null : startedAtMs,
        misses: 0,
        run: null,
      };
    });
  }

  get isFinal(): boolean {
    return final.includes(this.#state);
  }
  get isGoing(): boolean {
    return !this.isFinal && this.isConducted;
  }

  pause(): void {
    this.#state = 'paused';
  }
  resume(): void {
    this.#state = 'running';
    this.isConducted = true;
  }
  cancel(nowMs: number): void {
    this.#state = 'cancelling';
    this.nodes = this.nodes.map((node) =>
      node.state === 'waiting' || node.state === 'busy'
        ? { ...node, state: 'skipped', reason: 'cancelled', endedAtMs: nowMs }
        : node,
    );
  }

  /** Some slots end, and waiting nodes take them. */
  advance(nowMs: number): void {
    this.#revision++;
    let used = 0;
    this.nodes = this.nodes.map((node) => {
      const moved = this.#move(node, nowMs);
      if (inSlots.includes(moved.state)) used++;
      return moved;
    });
    if (this.#state === 'running')
      this.nodes = this.nodes.map((node) => {
        if (node.state !== 'waiting' || used >= this.#order.concurrency) return node;
        used++;
        return { ...node, state: 'starting', askedAtMs: nowMs };
      });
    if (used > 0 || this.nodes.some(({ state }) => state === 'waiting')) return;
    this.#state = this.#state === 'cancelling' ? 'cancelled' : 'finished';
    this.#finishedAtMs = nowMs;
  }

  #move(node: RunallNode, nowMs: number): RunallNode {
    const luck = this.#random();
    if (node.state === 'busy') return luck > 0.8 ? { ...node, state: 'waiting' } : node;
    if (node.state === 'starting')
      return luck > 0.4
        ? { ...node, state: 'running', begunAtMs: nowMs }
        : node.misses === 4
          ? { ...node, state: 'skipped', reason: 'did_not_begin', endedAtMs: nowMs }
          : { ...node, misses: node.misses + 1 };
    if (node.state !== 'running' || luck < 0.85) return node;
    const run = this.#puppet.get(node.identity)?.run ?? null;
    return { ...node, state: 'done', endedAtMs: nowMs, run: run === null ? null : { ...run, atMs: nowMs } };
  }

  get summary(): RunallSummary {
    const states: Partial<Record<RunallNodeState, number>> = {};
    const skipped: Partial<Record<SkipReason, number>> = {};
    const results = { ok: 0, changed: 0, failed: 0, unknown: 0 };
    for (const { state, reason, run } of this.nodes) {
      states[state] = (states[state] ?? 0) + 1;
      if (reason !== null) skipped[reason] = (skipped[reason] ?? 0) + 1;
      if (state === 'done') results[run?.result ?? 'unknown']++;
    }
    const { target, concurrency, options, rerunMs = null } = this.#order;
    return {
      runallId: this.runallId,
      person: 'alice',
      collective: 'muster',
      target: target.kind === 'filter' || target.kind === 'nodes' ? target : { kind: 'filter', filter: '' },
      concurrency,
      options,
      rerunMs,
      state: this.#state,
      isConducted: this.isGoing,
      fault: null,
      iteration: 1,
      startedAtMs: this.#startedAtMs,
      iterationStartedAtMs: this.#startedAtMs,
      nextIterationAtMs: null,
      finishedAtMs: this.#finishedAtMs,
      nodes: this.nodes.length,
      states,
      skipped,
      results,
      revision: this.#revision,
    };
  }
}
