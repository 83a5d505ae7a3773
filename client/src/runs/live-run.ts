import type { ResultDetail, RunSummary } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Arrival, NodeState } from '@muster/protocol/run';
import type { VerifiedReply } from '../requests/index.ts';

/** States in which an answer may still come on time. */
export const openStates: readonly NodeState[] = ['queued', 'sent', 'accepted', 'running'];

/** States that a node leaves for `no_answer` when its run ends: a node that shall not answer stays `sent`. */
export const statesToGiveUp = ({ noResults }: Pick<RunSummary, 'noResults'>): readonly NodeState[] =>
  noResults === true ? ['queued'] : openStates;

const isOpen = (state: NodeState): boolean => openStates.includes(state);

interface LiveNode {
  state: NodeState;
  answered: boolean;
  /** When its request began to be published; null while its batch has not come. */
  sentAtMs: number | null;
  /** The batch that it belongs to, counted from 1; 0 while none has come. */
  batch: number;
}

/**
 * One run while this process looks after it: which node is in which state, and what follows from an answer.
 * It knows neither broker nor database.
 */
export class LiveRun {
  readonly #nodes = new Map<string, LiveNode>();
  readonly #counts = new Map<NodeState, number>();
  #summary: RunSummary;
  #batch = 0;
  #openInBatch = 0;

  constructor(summary: RunSummary) {
    this.#summary = summary;
  }

  get summary(): RunSummary {
    return { ...this.#summary, states: Object.fromEntries([...this.#counts].filter(([, count]) => count > 0)) };
  }

  /** Whether every node of the batch under way is in a final state. */
  get isBatchComplete(): boolean {
    return this.#openInBatch === 0;
  }

  get isFinal(): boolean {
    return this.#summary.state === 'finished' || this.#summary.state === 'failed';
  }

  /** A node was found; the list that counts comes with {@link expect}. */
  found(count: number): void {
    this.#summary = { ...this.#summary, expected: count };
  }

  /** These nodes are going to be asked. */
  expect(identities: readonly string[], discoveryMs: number): void {
    for (const identity of identities)
      this.#nodes.set(identity, { state: 'queued', answered: false, sentAtMs: null, batch: 0 });
    this.#counts.set('queued', identities.length);
    this.#summary = { ...this.#summary, state: 'running', expected: identities.length, discoveryMs };
  }

  /** These nodes come next, all of them or a batch. */
  sending(identities: readonly string[], nowMs: number): void {
    this.#batch += 1;
    this.#openInBatch = 0;
    for (const identity of identities) {
      const node = this.#nodes.get(identity);
      if (node === undefined) continue;
      node.sentAtMs = nowMs;
      node.batch = this.#batch;
      if (isOpen(node.state)) this.#openInBatch += 1;
    }
    this.#summary = { ...this.#summary, sentAtMs: this.#summary.sentAtMs ?? nowMs };
  }

  /** The time of a batch is over: the nodes that are still silent gave no answer. */
  giveUp(identities: readonly string[]): readonly string[] {
    return identities.filter((identity) => {
      const node = this.#nodes.get(identity);
      if (node === undefined || !isOpen(node.state)) return false;
      this.#move(node, 'no_answer');
      return true;
    });
  }

  /** All that wait to be sent have been. */
  allSent(): void {
    for (const identity of this.#nodes.keys()) this.sent(identity, 'sent');
  }

  /** How the request to one node fared; false when its answer was quicker. */
  sent(identity: string, state: 'sent' | 'unknown_node'): boolean {
    const node = this.#nodes.get(identity);
    if (node?.state !== 'queued') return false;
    this.#move(node, state);
    return true;
  }

  /** What an answer means for the run; null for a second answer of the same node. */
  take({ reply, arrivedAtMs, signedBy }: VerifiedReply): ResultDetail | null {
    let node = this.#nodes.get(reply.sender);
    if (node?.answered === true) return null;
    const arrival: Arrival = node === undefined ? 'unexpected' : isOpen(node.state) ? 'on_time' : 'late';
    if (node === undefined) {
      node = { state: reply.outcome, answered: true, sentAtMs: this.#summary.sentAtMs, batch: 0 };
      this.#nodes.set(reply.sender, node);
      this.#count(reply.outcome, 1);
      this.#summary = { ...this.#summary, unexpected: this.#summary.unexpected + 1 };
    } else {
      node.answered = true;
      this.#move(node, reply.outcome);
      this.#summary = { ...this.#summary, responses: this.#summary.responses + 1 };
    }
    return {
      identity: reply.sender,
      state: reply.outcome,
      arrival,
      statusCode: reply.statusCode,
      statusMessage: reply.statusMessage,
      data: reply.data,
      elapsedMs: node.sentAtMs === null ? null : Math.max(0, arrivedAtMs - node.sentAtMs),
      outcome: reply.outcome,
      arrivedAtMs,
      timings: reply.timings,
      signedBy,
    };
  }

  /** The run is over; whoever is silent now gave no answer, where one was asked for. */
  finish(nowMs: number, fault: Fault | null): void {
    const given = statesToGiveUp(this.#summary);
    for (const node of this.#nodes.values()) if (given.includes(node.state)) this.#move(node, 'no_answer');
    this.#summary = {
      ...this.#summary,
      state: fault === null ? 'finished' : 'failed',
      fault,
      finishedAtMs: nowMs,
    };
  }

  #move(node: LiveNode, state: NodeState): void {
    if (node.batch === this.#batch && isOpen(node.state) && !isOpen(state)) this.#openInBatch -= 1;
    this.#count(node.state, -1);
    this.#count(state, 1);
    node.state = state;
  }

  #count(state: NodeState, by: number): void {
    this.#counts.set(state, (this.#counts.get(state) ?? 0) + by);
  }
}
