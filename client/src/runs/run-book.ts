import type { ResultDetail, RunSummary } from '@muster/protocol/bridge';
import type { Notice } from '@muster/protocol/messages';
import type { Arrival, NodeState } from '@muster/protocol/run';
import type { DeadCopy, VerifiedReply } from '../requests/index.ts';
import type { NodeDelivery, StoredRunNode } from '../storage/index.ts';
import { isOpen, knownNode, newNode, type BookNode } from './book-node.ts';
import { LimitWatch, type TimePassed } from './limit-watch.ts';
import { mayAnswer, type LimitedNode, type RunLimits } from './limits.ts';
import { RunTally } from './run-tally.ts';

/**
 * The nodes of one run: who has been asked, how each copy of the request and each answer fared, and what follows from it. It
 * knows neither broker nor database, and no other clock than the times that it is told.
 */
export class RunBook {
  readonly #nodes = new Map<string, BookNode>();
  readonly #order: BookNode[] = [];
  readonly #strangers: Set<string>;
  readonly #tally: RunTally;
  readonly #watch: LimitWatch;
  #summary: RunSummary;
  #asked = 0;

  constructor(
    summary: RunSummary,
    known: { readonly nodes: readonly StoredRunNode[]; readonly strangers: readonly string[] },
  ) {
    this.#summary = summary;
    this.#strangers = new Set(known.strangers);
    this.#tally = new RunTally(this.#isSilent);
    this.#watch = new LimitWatch(this.#isSilent, (node, state) => this.#tally.move(node, state));
    for (const node of known.nodes) this.#add(knownNode(node));
    this.#tally.addStrangers(summary.states);
  }

  get summary(): RunSummary {
    return { ...this.#summary, states: this.#tally.states };
  }

  /** How many nodes there are. */
  get total(): number {
    return this.#order.length;
  }

  get asked(): number {
    return this.#asked;
  }

  /** Asked nodes that have not come to an end, and are not merely away. */
  get atWork(): number {
    return this.#tally.atWork;
  }

  /** Asked nodes that have not come to an end. */
  get open(): number {
    return this.#tally.open;
  }

  /** Nodes that came to another end than `ok`. */
  get failures(): number {
    return this.#tally.failures;
  }

  /** Whether nobody shall answer. */
  get #isSilent(): boolean {
    return this.#summary.noResults === true;
  }

  change(changes: Partial<Omit<RunSummary, 'states'>>): void {
    this.#summary = { ...this.#summary, ...changes };
  }

  /** These nodes are going to be asked, in this order. */
  expect(identities: readonly string[], discoveryMs: number): void {
    for (const identity of identities) this.#add(newNode(identity));
    this.change({ state: 'running', expected: this.total, discoveryMs });
  }

  /** The next ones are asked now: to be stored before anything is sent. */
  ask(count: number, nowMs: number): readonly string[] {
    const nodes = this.#order.slice(this.#asked, this.#asked + count);
    for (const node of nodes) {
      node.issuedAtMs = nowMs;
      node.publishedAtMs = nowMs;
      node.copies = 1;
      node.sinceMs = nowMs;
      this.#watch.add(node);
    }
    this.#asked += nodes.length;
    this.#tally.ask(nodes.length);
    if (this.#summary.sentAtMs === null) this.change({ sentAtMs: nowMs });
    return nodes.map(({ identity }) => identity);
  }

  /** Another copy goes to these: to be stored before it is sent. */
  repeat(identities: readonly string[], nowMs: number): void {
    for (const identity of identities) {
      const node = this.#nodes.get(identity);
      if (node === undefined) continue;
      node.publishedAtMs = nowMs;
      node.hurryAtMs = null;
      node.copies += 1;
      this.#watch.touch(node);
    }
  }

  /** These are told once more that the request is called off. */
  remind(identities: readonly string[]): void {
    for (const identity of identities) {
      const node = this.#nodes.get(identity);
      if (node === undefined) continue;
      node.hurryAtMs = null;
      this.#watch.touch(node);
    }
  }

  /** The node knows that the request is called off. */
  told(identity: string): void {
    const node = this.#nodes.get(identity);
    if (node === undefined) return;
    node.isTold = true;
    this.#watch.touch(node);
  }

  /** The request to one node is with the broker, or cannot be; false when its answer was quicker. */
  published(identity: string, state: 'sent' | 'unknown_node' | 'undelivered' | 'unsealable' | 'cancelled'): boolean {
    const node = this.#nodes.get(identity);
    if (node?.state !== 'queued') return false;
    this.#move(node, state);
    return true;
  }

  /** Whether a copy for the node is still of use. */
  isWanted(identity: string): boolean {
    const node = this.#nodes.get(identity);
    return node !== undefined && !node.answered && node.state !== 'undelivered' && node.state !== 'unsealable';
  }

  /** Asked nodes that may still answer. */
  missing(): readonly string[] {
    return this.#order
      .slice(0, this.#asked)
      .filter(mayAnswer)
      .map(({ identity }) => identity);
  }

  /** Whether asked nodes may still answer, and shall. */
  get mayGetAnswers(): boolean {
    return !this.#isSilent && this.#order.slice(0, this.#asked).some(mayAnswer);
  }

  /** Asked nodes of which it is not known whether the request was ever published. */
  unpublished(): readonly string[] {
    return this.#order.slice(0, this.#asked).flatMap(({ state, identity }) => (state === 'queued' ? identity : []));
  }

  /** Those that have not been asked never will be. */
  skipRest(state: 'skipped' | 'cancelled' | 'expired'): readonly string[] {
    const rest = this.#order.slice(this.#asked).filter((node) => node.state === 'queued');
    for (const node of rest) this.#move(node, state);
    return rest.map(({ identity }) => identity);
  }

  /** The run broke off: nothing more is learnt of nodes that are open. */
  giveUp(): readonly string[] {
    const lost = this.#order.filter((node) => isOpen(node.state) && !this.#tally.isSettled(node.state));
    for (const node of lost) {
      if (node.issuedAtMs === null) this.#move(node, 'skipped');
      else this.#move(node, node.state === 'queued' ? 'undelivered' : 'no_answer');
    }
    return lost.map(({ identity }) => identity);
  }

  /** The limits of all silent nodes count from now; at `hurryAtMs` each of them gets the request once more. */
  renew(nowMs: number, hurryAtMs: number | null): void {
    for (const node of this.#order.slice(0, this.#asked)) {
      if (!mayAnswer(node)) continue;
      node.sinceMs = nowMs;
      node.hurryAtMs = hurryAtMs;
    }
    this.#watch.touchAll();
  }

  /** Nobody waits any longer for nodes that are away. */
  endWaiting(nowMs: number): readonly string[] {
    const away = this.#order.filter(({ state }) => state === 'waiting');
    for (const node of away) {
      node.sinceMs = nowMs;
      this.#move(node, 'sent');
    }
    this.#watch.touchAll();
    return away.map(({ identity }) => identity);
  }

  /** A node came back: it gets the request once more. */
  hurry(identity: string, atMs: number): boolean {
    const node = this.#nodes.get(identity);
    if (node === undefined || !mayAnswer(node)) return false;
    node.hurryAtMs = atMs;
    this.#watch.touch(node);
    return true;
  }

  /** What has become of silent nodes by now. With `isBlind` nothing can be heard, so that they have more time. */
  pass(
    nowMs: number,
    limits: RunLimits,
    options: { readonly isBlind: boolean; readonly repeats: boolean },
  ): TimePassed {
    return this.#watch.pass(nowMs, { limits, ...options });
  }

  /** When something happens next by time alone. */
  get quietUntilMs(): number {
    return this.#watch.quietUntilMs;
  }

  /** How the first nodes have fared. */
  first(count: number): { readonly ok: number; readonly failed: number } {
    const nodes = this.#order.slice(0, count);
    return {
      ok: nodes.filter(({ state }) => state === 'ok').length,
      failed: nodes.filter(({ state }) => state !== 'ok' && !isOpen(state)).length,
    };
  }

  /** What an answer means for the run; null for a second answer of the same node. */
  take({ reply, arrivedAtMs, signedBy }: VerifiedReply): ResultDetail | null {
    const node = this.#nodes.get(reply.sender);
    if (node?.answered === true || this.#strangers.has(reply.sender)) return null;
    const arrival: Arrival = node === undefined ? 'unexpected' : isOpen(node.state) ? 'on_time' : 'late';
    if (node === undefined) {
      this.#strangers.add(reply.sender);
      this.#tally.addStranger(reply.outcome);
      this.change({ unexpected: this.#summary.unexpected + 1 });
    } else {
      node.answered = true;
      this.#move(node, reply.outcome);
      this.change({ responses: this.#summary.responses + 1 });
    }
    const sentAtMs = node === undefined ? this.#summary.sentAtMs : node.issuedAtMs;
    return {
      identity: reply.sender,
      state: reply.outcome,
      arrival,
      statusCode: reply.statusCode,
      statusMessage: reply.statusMessage,
      data: reply.data,
      elapsedMs: sentAtMs === null ? null : Math.max(0, arrivedAtMs - sentAtMs),
      outcome: reply.outcome,
      arrivedAtMs,
      timings: reply.timings,
      signedBy,
    };
  }

  /** A node says that it has the request; false when that is no news. */
  heed({ sender, state }: Notice, arrivedAtMs: number): boolean {
    const node = this.#nodes.get(sender);
    if (node === undefined || node.answered || node.issuedAtMs === null) return false;
    if (this.#summary.finishedAtMs !== null || (!isOpen(node.state) && node.state !== 'no_answer')) return false;
    node.noticedAtMs = arrivedAtMs;
    if (node.state !== 'running') this.#move(node, state);
    this.#watch.touch(node);
    return true;
  }

  /** A copy came back. When all have, and the node never said that it has one, that is what is known until it says otherwise. False when that is no news. */
  returned({ identity, reason }: DeadCopy): boolean {
    const node = this.#nodes.get(identity);
    if (node === undefined || node.issuedAtMs === null) return false;
    node.returned += 1;
    if (!node.answered && node.noticedAtMs === null && node.returned >= node.copies && node.state !== 'unknown_node')
      this.#move(node, reason === 'expired' ? 'expired' : 'undelivered');
    return true;
  }

  /** An action of agent `requests` said that the node will never carry the request out. */
  letBe(identity: string): boolean {
    const node = this.#nodes.get(identity);
    if (node === undefined || node.answered || !isOpen(node.state)) return false;
    this.#move(node, 'cancelled');
    return true;
  }

  stateOf(identity: string): NodeState {
    return this.#nodes.get(identity)?.state ?? 'queued';
  }

  /** How the request to one node fares. */
  deliveryOf(identity: string): Readonly<LimitedNode> | undefined {
    return this.#nodes.get(identity);
  }

  deliveries(identities: readonly string[]): readonly NodeDelivery[] {
    return identities.flatMap((identity) => {
      const node = this.#nodes.get(identity);
      if (node === undefined) return [];
      const { issuedAtMs, publishedAtMs, copies, returned, noticedAtMs } = node;
      return { identity, issuedAtMs, publishedAtMs, copies, returned, noticedAtMs };
    });
  }

  #add(node: BookNode): void {
    this.#nodes.set(node.identity, node);
    this.#order.push(node);
    this.#tally.add(node);
    if (node.issuedAtMs === null) return;
    this.#asked = this.#order.length;
    this.#watch.add(node);
  }

  #move(node: BookNode, state: NodeState): void {
    this.#tally.move(node, state);
    // Another state has other limits.
    if (!node.answered) this.#watch.touch(node);
  }
}
