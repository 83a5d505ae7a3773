import type { PuppetRun, RunallSummary } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Outcome } from '@muster/protocol/messages';
import type { StoredRunallNode } from '../storage/index.ts';
import type { PuppetStatus } from './read-answers.ts';
import { holdsSlot, isOpen, liveNode, newNode, skipped, type LiveNode } from './runall-node.ts';
import { tally } from './tally.ts';
import type { RunallTiming } from './timing.ts';
import { afterStatusBefore, afterStatusSince } from './what-follows.ts';

/**
 * One runall while this process conducts it: which node is in which state, whom to ask next, whom to start, and what
 * follows from an answer. It knows neither broker nor database.
 */
export class LiveRunall {
  readonly #timing: RunallTiming;
  readonly #nodes = new Map<string, LiveNode>();
  readonly #dirty = new Set<string>();
  #summary: RunallSummary;
  #isChanged = false;
  #isAnew = false;

  constructor(summary: RunallSummary, nodes: readonly StoredRunallNode[], timing: RunallTiming) {
    this.#summary = summary;
    this.#timing = timing;
    for (const node of nodes) this.#nodes.set(node.identity, liveNode(node));
  }

  get summary(): RunallSummary {
    return { ...this.#summary, ...tally([...this.#nodes.values()].map(({ stored }) => stored)) };
  }

  /** Whether no node has anything left to do, and how every run went is settled. */
  get isComplete(): boolean {
    return [...this.#nodes.values()].every((node) => !isOpen(node) && node.figures !== 'wanted');
  }

  change(changes: Partial<Omit<RunallSummary, 'fault'>>): void {
    this.#summary = { ...this.#summary, ...changes };
    this.#isChanged = true;
  }

  /** Trouble that keeps it from going on, or none any more. */
  set fault(fault: Fault | null) {
    if (fault?.code === this.#summary.fault?.code && fault?.message === this.#summary.fault?.message) return;
    this.#summary = { ...this.#summary, fault: fault === null ? null : structuredClone(fault) };
    this.#isChanged = true;
  }

  /** What has to be stored since this was called last; null for nothing. */
  takeChanges(): { summary: RunallSummary; nodes: readonly StoredRunallNode[]; anew: boolean } | null {
    if (!this.#isChanged && this.#dirty.size === 0) return null;
    const nodes = [...this.#dirty].flatMap((identity) => this.#nodes.get(identity)?.stored ?? []);
    const changes = { summary: this.summary, nodes, anew: this.#isAnew };
    this.#dirty.clear();
    this.#isChanged = false;
    this.#isAnew = false;
    return changes;
  }

  /** An iteration over these nodes, in this order. */
  begin(identities: readonly string[]): void {
    this.#nodes.clear();
    this.#dirty.clear();
    this.#isAnew = true;
    this.#isChanged = true;
    for (const [turn, identity] of identities.entries()) {
      this.#nodes.set(identity, liveNode(newNode(identity, turn)));
      this.#dirty.add(identity);
    }
  }

  /** Nodes whose status has to be asked now: those that hold slots, and those that wait and have not told theirs. */
  toAsk(nowMs: number): readonly string[] {
    return this.#select((node) => {
      const isWanted = holdsSlot(node) || (node.stored.state === 'waiting' && !node.known);
      return isWanted && !node.pending && node.nextAskMs <= nowMs;
    });
  }

  /** Nodes that are done and have to be asked how it went. */
  toReview(nowMs: number): readonly string[] {
    return this.#select((node) => node.figures === 'wanted' && !node.pending && node.nextAskMs <= nowMs);
  }

  /** Nodes that may be asked to run now: in their turn, as far as there are slots, once all have been looked at. */
  toStart(): readonly string[] {
    const nodes = [...this.#nodes.values()];
    const waiting = nodes.filter(({ stored }) => stored.state === 'waiting');
    if (waiting.some(({ known, stored }) => !known && stored.misses === 0)) return [];
    const free = this.#summary.concurrency - nodes.filter(holdsSlot).length;
    return waiting
      .filter(({ known }) => known)
      .slice(0, Math.max(0, free))
      .map(({ stored }) => stored.identity);
  }

  /**
   * Nodes that an earlier conductor asked to run without hearing what came of it, by request. The same request may be sent
   * once more while it can still be obeyed, for a node carries it out once.
   */
  toStartAgain(nowMs: number): ReadonlyMap<string, readonly string[]> {
    const unsure = [...this.#nodes.values()].filter(
      ({ stored: { state, initiatedAt, askedAtMs } }) =>
        state === 'starting' &&
        initiatedAt === null &&
        askedAtMs !== null &&
        nowMs - askedAtMs < this.#timing.startTtlMs,
    );
    const byRequest = Map.groupBy(unsure, ({ stored }) => stored.requestId ?? '');
    return new Map([...byRequest].map(([id, nodes]) => [id, nodes.map(({ stored }) => stored.identity)]));
  }

  /** Questions to these nodes are under way. */
  asking(identities: readonly string[], nowMs: number): void {
    for (const identity of identities) {
      const node = this.#nodes.get(identity);
      if (node === undefined) continue;
      node.pending = true;
      node.nextAskMs = nowMs + this.#timing.pollMs;
    }
  }

  /** These nodes are about to be asked to run: to be stored before anything is sent. */
  starting(identities: readonly string[], requestId: string, nowMs: number): void {
    for (const identity of identities) {
      const node = this.#nodes.get(identity);
      if (node === undefined) continue;
      node.pending = true;
      node.checks = 0;
      this.#store(node, { ...node.stored, state: 'starting', requestId, askedAtMs: nowMs, detail: '', misses: 0 });
    }
  }

  /** The node says that it has started a run, at this time by its clock. */
  started(identity: string, initiatedAt: number, nowMs: number): void {
    const node = this.#answered(identity);
    if (node?.stored.state !== 'starting') return;
    // A run that ended in the second in which ours began is not ours.
    const since = Math.max(initiatedAt, node.lastRun + 1);
    this.#store(node, { ...node.stored, initiatedAt: since, askedAtMs: nowMs });
  }

  /** The node refused to run: it has not begun, and may say why when it is asked. */
  refused(identity: string, outcome: Outcome, message: string, nowMs: number): void {
    const node = this.#answered(identity);
    if (node?.stored.state !== 'starting') return;
    node.refusals += 1;
    node.refusal = message;
    node.known = false;
    node.nextAskMs = 0;
    if (outcome === 'failed')
      this.#store(node, { ...node.stored, state: 'waiting', requestId: null, askedAtMs: null, misses: 0 });
    else this.#skip(node, 'refused', message, nowMs);
  }

  /** The request never left: the node has not begun. */
  notSent(identity: string): void {
    const node = this.#answered(identity);
    if (node?.stored.state === 'starting')
      this.#store(node, { ...node.stored, state: 'waiting', requestId: null, askedAtMs: null });
  }

  unknownNode(identity: string, nowMs: number): void {
    const node = this.#answered(identity);
    if (node !== undefined && isOpen(node)) this.#skip(node, 'unknown_node', 'the broker knows no such node', nowMs);
  }

  /** Nothing was heard of a request to run, or a question could not be sent: its status tells, or another question. */
  unheard(identity: string): void {
    this.#answered(identity);
  }

  /** What a node does; `nodeTimeMs` is its clock now. */
  told(identity: string, status: PuppetStatus, nodeTimeMs: number, nowMs: number): void {
    const node = this.#answered(identity);
    if (node === undefined || !isOpen(node)) return;
    if (node.stored.misses > 0) this.#store(node, { ...node.stored, misses: 0, detail: '' });
    const { stored } = node;
    const isBefore = stored.state === 'waiting' || stored.state === 'busy';
    const follow = isBefore ? afterStatusBefore : afterStatusSince;
    const next = follow(node, status, { nowMs, nodeTimeMs }, this.#timing);
    if (next === stored) return;
    this.#store(node, next);
    if (next.state !== 'done') return;
    node.figures = 'wanted';
    node.nextAskMs = 0;
  }

  /** A question has not been answered in time, or not as it should: `problem` is what the node said. */
  missed(identity: string, problem: string, nowMs: number): void {
    const node = this.#answered(identity);
    if (node === undefined || !isOpen(node)) return;
    const misses = node.stored.misses + 1;
    this.#store(node, { ...node.stored, misses, detail: problem });
    if (misses < this.#timing.misses) return;
    if (problem === '') this.#skip(node, 'no_answer', `${misses} questions in a row were not answered`, nowMs);
    else this.#skip(node, 'refused', problem, nowMs);
  }

  /** How the run of a node that is done went; null when it does not say, or tells of an earlier run. */
  reviewed(identity: string, run: PuppetRun | null): void {
    const node = this.#answered(identity);
    if (node?.figures !== 'wanted') return;
    const { initiatedAt } = node.stored;
    if (run !== null && run.atMs >= (initiatedAt ?? 0) * 1000) {
      node.figures = 'settled';
      this.#store(node, { ...node.stored, run });
      return;
    }
    node.figureTries += 1;
    if (node.figureTries >= this.#timing.misses) node.figures = 'settled';
    this.#isChanged = true;
  }

  /** Skips whoever has not been asked to run. */
  cancel(nowMs: number): void {
    for (const node of this.#nodes.values())
      if (node.stored.state === 'waiting' || node.stored.state === 'busy') this.#skip(node, 'cancelled', '', nowMs);
  }

  #skip(node: LiveNode, reason: Parameters<typeof skipped>[1], detail: string, nowMs: number): void {
    this.#store(node, skipped(node.stored, reason, detail, nowMs));
  }

  #answered(identity: string): LiveNode | undefined {
    const node = this.#nodes.get(identity);
    if (node !== undefined) node.pending = false;
    return node;
  }

  #select(isWanted: (node: LiveNode) => boolean): readonly string[] {
    return [...this.#nodes.values()].filter(isWanted).map(({ stored }) => stored.identity);
  }

  #store(node: LiveNode, stored: StoredRunallNode): void {
    node.stored = stored;
    this.#dirty.add(stored.identity);
  }
}
