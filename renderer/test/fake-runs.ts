import type { NodeDetail, ResultDetail, RunOrder, RunSummary } from '@muster/protocol/bridge';
import { errorCatalogue, type ErrorCode } from '@muster/protocol/errors';
import type { NodeState, RunHold, RunState } from '@muster/protocol/run';
import { seededRandom } from './fake-fleet.ts';
import { isOpen, nextTurn, verdict } from './fake-rollout.ts';
import { fakeData } from './fake-run-data.ts';

/** A run of the fake engine; `advance` lets answers arrive, and the next nodes have their turn. */
export class FakeRun {
  results: ResultDetail[];
  readonly runId: string;
  readonly order: RunOrder;
  finishedAtMs: number | null = null;
  /** Cleared to play a console that went away. */
  isConducted = true;
  /** Set to play that the run waits for its lock, the broker or the disk. */
  outerHold: RunHold | null = null;
  readonly #startedAtMs: number;
  readonly #nodes: readonly NodeDetail[];
  readonly #away: ReadonlySet<string>;
  readonly #random: () => number;
  #state: RunState = 'running';
  #hold: RunHold | null = null;
  #fault: ErrorCode | null = null;
  #isApproved = false;
  #sleepsUntilMs: number | null = null;
  #unexpected = 0;

  /** Nodes of `away` do not get what they are asked, as long as they are in there. */
  constructor(
    runId: string,
    order: RunOrder,
    nodes: readonly NodeDetail[],
    startedAtMs: number,
    away: ReadonlySet<string> = new Set(),
  ) {
    this.runId = runId;
    this.order = order;
    this.#nodes = nodes;
    this.#away = away;
    this.#startedAtMs = startedAtMs;
    this.#random = seededRandom(Number.parseInt(runId.slice(0, 6), 16));
    this.results = nodes.map(({ identity }) => unanswered(identity, 'queued'));
    this.#ask(startedAtMs);
  }

  get isFinal(): boolean {
    return this.finishedAtMs !== null;
  }

  /** Lets up to `count` nodes answer, and asks those whose turn it is; the run ends when all have had it. */
  advance(count: number, nowMs: number): void {
    if (this.isFinal || !this.isConducted) return;
    for (const index of this.#indexes((state) => state === 'waiting')) this.#await(index, nowMs);
    for (const index of this.#indexes(isOpen).slice(0, count)) this.#answer(index, nowMs);
    const fault = this.#fault ?? verdict(this.order, this.#states);
    if (this.#fault === null && fault !== null) this.#halt(fault);
    this.#ask(nowMs);
    const isOver = this.#states.every((state) => state !== 'queued' && state !== 'waiting' && !isOpen(state));
    if (!isOver) return;
    this.finishedAtMs = nowMs;
    this.#hold = null;
    this.#state = fault === null ? 'finished' : fault === 'run.cancelled' ? 'cancelled' : 'stopped';
  }

  /** Nodes that have been asked say that the action runs. */
  begin(count: number): void {
    for (const index of this.#indexes((state) => state === 'sent').slice(0, count)) this.#become(index, 'running');
  }

  /** An answer that comes after all; of a node that was not asked it is unexpected. */
  answerLate(node: NodeDetail, nowMs: number): void {
    const index = this.results.findIndex(({ identity }) => identity === node.identity);
    const arrival = index < 0 ? 'unexpected' : 'late';
    if (index < 0) this.#unexpected++;
    const answer = { ...this.#answerOf(node, Math.max(0, index), false, nowMs), arrival } as const;
    this.results = index < 0 ? [...this.results, answer] : this.results.with(index, answer);
  }

  pause(nowMs: number): void {
    this.#state = 'paused';
    this.#ask(nowMs);
  }

  resume(nowMs: number): void {
    this.#isApproved ||= this.#hold === 'canary';
    this.isConducted = true;
    if (this.#state === 'paused') this.#state = 'running';
    this.#ask(nowMs);
  }

  stop(nowMs: number): void {
    this.#halt('run.stopped');
    this.advance(0, nowMs);
  }

  /** Nodes that have begun run to their end; the others let it be. */
  cancel(nowMs: number): void {
    this.#halt('run.cancelled');
    for (const index of this.#indexes((state) => isOpen(state) && state !== 'running')) {
      const node = this.#nodes[index];
      if (node === undefined) continue;
      const answer = this.#answerOf(node, index, true, nowMs);
      const message = 'The request was cancelled before the action began';
      this.results[index] = { ...answer, state: 'cancelled', outcome: 'cancelled', statusMessage: message };
    }
    for (const index of this.#indexes((state) => state === 'waiting')) this.#become(index, 'cancelled');
    this.advance(0, nowMs);
  }

  get summary(): RunSummary {
    const states: Partial<Record<NodeState, number>> = {};
    for (const { state } of this.results) states[state] = (states[state] ?? 0) + 1;
    const { agent, action, inputs, batch, rollout, untilMs, deliveryMs = 15_000, timeoutMs = 12_000 } = this.order;
    const fault = this.#fault;
    return {
      runId: this.runId,
      person: 'alice',
      collective: 'muster',
      agent,
      action,
      inputs,
      target: this.#target(),
      state: this.#state,
      hold: this.isFinal ? null : (this.outerHold ?? this.#hold),
      holdUntilMs: this.outerHold === null && this.#hold === 'sleep' ? this.#sleepsUntilMs : null,
      isConducted: this.isConducted && !this.isFinal,
      fault: fault === null ? null : { code: fault, message: errorCatalogue[fault].meaning },
      startedAtMs: this.#startedAtMs,
      sentAtMs: this.#startedAtMs + 40,
      finishedAtMs: this.finishedAtMs,
      discoveryMs: 38,
      timeoutMs,
      deliveryMs,
      executionMs: 10_000,
      ttlMs: untilMs === undefined ? 60_000 : untilMs - this.#startedAtMs,
      ...(batch === undefined ? {} : { batch }),
      ...(rollout === undefined ? {} : { rollout }),
      ...(untilMs === undefined ? {} : { untilMs }),
      expected: this.#nodes.length,
      responses: this.results.filter(({ arrivedAtMs, arrival }) => arrivedAtMs !== null && arrival !== 'unexpected')
        .length,
      states,
      unexpected: this.#unexpected,
    };
  }

  get #states(): readonly NodeState[] {
    return this.results.slice(0, this.#nodes.length).map(({ state }) => state);
  }

  #indexes(which: (state: NodeState) => boolean): readonly number[] {
    return this.#states.flatMap((state, index) => (which(state) ? [index] : []));
  }

  #become(index: number, state: NodeState): void {
    const result = this.results[index];
    if (result !== undefined) this.results[index] = { ...result, state };
  }

  #isAway(index: number): boolean {
    return this.#away.has(this.#nodes[index]?.identity ?? '');
  }

  #ask(nowMs: number): void {
    if ((this.#state !== 'running' && this.#state !== 'paused') || this.outerHold !== null) return;
    const hasSlept = this.#sleepsUntilMs !== null && nowMs >= this.#sleepsUntilMs;
    const { ask, hold } = nextTurn(this.order, this.#states, { isApproved: this.#isApproved, hasSlept });
    this.#hold = this.#state === 'running' || hold === 'canary' ? hold : null;
    if (this.#state === 'paused') return;
    if (hold === 'sleep') this.#sleepsUntilMs ??= nowMs + (this.order.batch?.sleepMs ?? 0);
    if (ask > 0) this.#sleepsUntilMs = null;
    for (const index of this.#indexes((state) => state === 'queued').slice(0, ask)) this.#become(index, 'sent');
  }

  #halt(fault: ErrorCode): void {
    this.#fault = fault;
    this.#state = 'stopping';
    this.#hold = null;
    for (const index of this.#indexes((state) => state === 'queued'))
      this.#become(index, fault === 'run.cancelled' ? 'cancelled' : 'skipped');
  }

  /** A node that waits gets the request when it is back, or never. */
  #await(index: number, nowMs: number): void {
    if (nowMs >= (this.order.untilMs ?? 0)) this.#become(index, 'expired');
    else if (!this.#isAway(index)) this.#become(index, 'sent');
  }

  #target(): RunSummary['target'] {
    const { target } = this.order;
    if (target.kind === 'preset') return { ...target, resolved: { filter: '' } };
    if (target.kind !== 'group') return target;
    return { ...target, resolved: { identities: this.#nodes.map(({ identity }) => identity), filter: null } };
  }

  #answer(index: number, nowMs: number): void {
    const node = this.#nodes[index];
    if (node === undefined) return;
    if (this.#isAway(index)) {
      this.#become(index, this.order.untilMs === undefined ? 'no_answer' : 'waiting');
      return;
    }
    // Packages are looked up without fail: who differs is what matters.
    const luck = this.#random() * (this.order.agent === 'package' ? 0.9 : 1);
    if (luck > 0.97) this.#become(index, 'no_answer');
    else this.results[index] = this.#answerOf(node, index, luck > 0.92, nowMs);
  }

  #answerOf(node: NodeDetail, index: number, fails: boolean, nowMs: number): ResultDetail {
    return {
      identity: node.identity,
      state: fails ? 'failed' : 'ok',
      arrival: 'on_time',
      statusCode: fails ? 1 : 0,
      statusMessage: fails ? 'The unit did not become active within 5 s' : 'OK',
      data: fails ? {} : fakeData(this.order, node, index, nowMs),
      outcome: fails ? 'failed' : 'ok',
      elapsedMs: Math.round(12 + this.#random() * 160),
      arrivedAtMs: nowMs,
      timings: { receivedAtMs: nowMs - 30, startedAtMs: nowMs - 28, finishedAtMs: nowMs - 9 },
      signedBy: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    };
  }
}

const unanswered = (identity: string, state: NodeState): ResultDetail => ({
  identity,
  state,
  arrival: null,
  statusCode: null,
  statusMessage: '',
  data: {},
  elapsedMs: null,
  outcome: null,
  arrivedAtMs: null,
  timings: null,
  signedBy: null,
});
