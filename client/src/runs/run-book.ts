import type { ResultDetail, RunSummary } from '@muster/protocol/bridge';
import type { Notice } from '@muster/protocol/messages';
import type { Arrival, NodeState } from '@muster/protocol/run';
import type { DeadCopy, VerifiedReply } from '../requests/index.ts';
import type { NodeDelivery, StoredRunNode } from '../storage/index.ts';
import { limitOf, mayAnswer, repeatAt, type LimitedNode, type RunLimits } from './limits.ts';

interface BookNode extends LimitedNode {
  state: NodeState;
  answered: boolean;
  issuedAtMs: number | null;
  publishedAtMs: number | null;
  copies: number;
  returned: number;
  noticedAtMs: number | null;
  sinceMs: number;
  hurryAtMs: number | null;
  isTold: boolean;
  readonly turn: number;
}

/** States in which an answer still comes on time. */
const openStates: readonly NodeState[] = ['queued', 'sent', 'waiting', 'accepted', 'running'];
const isOpen = (state: NodeState): boolean => openStates.includes(state);

/** How long nodes are waited for at least while the broker is away, in milliseconds. */
const outageMs = 60_000;

/** What limits hang on beside the node. */
interface PassedUnder {
  readonly limits: RunLimits;
  readonly isBlind: boolean;
  readonly repeats: boolean;
}

const isSame = (one: PassedUnder, other: PassedUnder | null): boolean =>
  one.limits === other?.limits && one.isBlind === other.isBlind && one.repeats === other.repeats;

/** What passing time did to nodes. */
export interface TimePassed {
  /** Nodes that are in another state now. */
  readonly changed: readonly string[];
  /** Nodes to which the request goes once more. */
  readonly repeat: readonly string[];
}

/**
 * The nodes of one run: who has been asked, how each copy of the request and each answer fared, and what follows from it. It
 * knows neither broker nor database, and no other clock than the times that it is told.
 */
export class RunBook {
  readonly #nodes = new Map<string, BookNode>();
  readonly #order: BookNode[] = [];
  readonly #strangers: Set<string>;
  readonly #counts = new Map<NodeState, number>();
  #summary: RunSummary;
  #asked = 0;
  #atWork = 0;
  #open = 0;
  #failures = 0;
  /** Nothing happens by time alone before this, but to the nodes that were touched. */
  #quietUntilMs = 0;
  /** Nodes that have other limits than when time last passed. */
  readonly #touched = new Set<BookNode>();
  #passedMs = -Infinity;
  #passedUnder: PassedUnder | null = null;

  constructor(
    summary: RunSummary,
    known: { readonly nodes: readonly StoredRunNode[]; readonly strangers: readonly string[] },
  ) {
    this.#summary = summary;
    this.#strangers = new Set(known.strangers);
    for (const node of known.nodes)
      this.#add({ ...node, sinceMs: 0, hurryAtMs: null, isTold: false, turn: this.#order.length });
    const strangers: RunSummary['states'] = { ...summary.states };
    for (const [state, count] of this.#counts) strangers[state] = (strangers[state] ?? 0) - count;
    // What the summary counts beside the expected nodes are those that were not expected.
    for (const [state, count] of Object.entries(strangers)) this.#count(state as NodeState, Math.max(0, count));
  }

  get summary(): RunSummary {
    return { ...this.#summary, states: Object.fromEntries([...this.#counts].filter(([, count]) => count > 0)) };
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
    return this.#atWork;
  }

  /** Asked nodes that have not come to an end. */
  get open(): number {
    return this.#open;
  }

  /** Nodes that came to another end than `ok`. */
  get failures(): number {
    return this.#failures;
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
    for (const identity of identities) {
      this.#add({
        identity,
        state: 'queued',
        answered: false,
        issuedAtMs: null,
        publishedAtMs: null,
        copies: 0,
        returned: 0,
        noticedAtMs: null,
        sinceMs: 0,
        hurryAtMs: null,
        isTold: false,
        turn: this.#order.length,
      });
    }
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
      this.#atWork += 1;
      this.#open += 1;
    }
    this.#asked += nodes.length;
    this.#quietUntilMs = 0;
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
      this.#touched.add(node);
    }
  }

  /** These are told once more that the request is called off. */
  remind(identities: readonly string[]): void {
    for (const identity of identities) {
      const node = this.#nodes.get(identity);
      if (node === undefined) continue;
      node.hurryAtMs = null;
      this.#touched.add(node);
    }
  }

  /** The node knows that the request is called off. */
  told(identity: string): void {
    const node = this.#nodes.get(identity);
    if (node === undefined) return;
    node.isTold = true;
    this.#touched.add(node);
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

  /** Whether any of them is to be heard of. */
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
    const lost = this.#order.filter((node) => isOpen(node.state) && !this.#isSettled(node.state));
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
    this.#quietUntilMs = 0;
  }

  /** Nobody waits any longer for nodes that are away. */
  endWaiting(nowMs: number): readonly string[] {
    const away = this.#order.filter(({ state }) => state === 'waiting');
    for (const node of away) {
      node.sinceMs = nowMs;
      this.#move(node, 'sent');
    }
    this.#quietUntilMs = 0;
    return away.map(({ identity }) => identity);
  }

  /** A node came back: it gets the request once more. */
  hurry(identity: string, atMs: number): boolean {
    const node = this.#nodes.get(identity);
    if (node === undefined || !mayAnswer(node)) return false;
    node.hurryAtMs = atMs;
    this.#touched.add(node);
    return true;
  }

  /** What has become of silent nodes by now. With `isBlind` nothing can be heard, so that they have more time. */
  pass(
    nowMs: number,
    limits: RunLimits,
    options: { readonly isBlind: boolean; readonly repeats: boolean },
  ): TimePassed {
    const under = { limits, ...options };
    if (nowMs < this.#passedMs) this.#setBack(nowMs);
    const isQuiet = nowMs < this.#quietUntilMs && isSame(under, this.#passedUnder);
    this.#passedMs = nowMs;
    this.#passedUnder = under;
    const passed = { changed: [], repeat: [] };
    // An answer has no limit: while they stream in, no node but those that were touched is looked at.
    const nodes = isQuiet ? [...this.#touched] : this.#order.slice(0, this.#asked);
    let nextMs = isQuiet ? this.#quietUntilMs : Infinity;
    for (const node of nodes) if (!node.answered) nextMs = Math.min(nextMs, this.#passNode(node, nowMs, under, passed));
    this.#touched.clear();
    this.#quietUntilMs = nextMs;
    return passed;
  }

  /** Adds to `passed` what has become of a node; gives when something happens to it next. */
  #passNode(
    node: BookNode,
    nowMs: number,
    { limits, isBlind, repeats }: PassedUnder,
    passed: { readonly changed: string[]; readonly repeat: string[] },
  ): number {
    let limit = this.#limitOf(node, limits, isBlind);
    if (limit !== null && limit.atMs <= nowMs) {
      this.#move(node, limit.becomes);
      passed.changed.push(node.identity);
      limit = this.#limitOf(node, limits, isBlind);
    }
    const repeatMs = this.#isSilent || isBlind || !repeats ? null : repeatAt(node, limits);
    if (repeatMs !== null && repeatMs <= nowMs) passed.repeat.push(node.identity);
    return Math.min(limit?.atMs ?? Infinity, repeatMs ?? Infinity);
  }

  /** When something happens next by time alone. */
  get quietUntilMs(): number {
    return this.#touched.size > 0 ? 0 : this.#quietUntilMs;
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
      this.#count(reply.outcome, 1);
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
    this.#touched.add(node);
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

  #limitOf(node: BookNode, limits: RunLimits, isBlind: boolean): ReturnType<typeof limitOf> {
    // A node that shall not answer waits for the broker alone.
    if (this.#isSilent && node.state !== 'queued') return null;
    const limit = limitOf(node, limits);
    return limit === null || !isBlind ? limit : { ...limit, atMs: Math.max(limit.atMs, node.sinceMs + outageMs) };
  }

  /** The clock was set back: what it said before was too late. What nodes were told stays. */
  #setBack(nowMs: number): void {
    const notLater = (atMs: number | null) => (atMs === null ? null : Math.min(atMs, nowMs));
    for (const node of this.#order) {
      node.sinceMs = Math.min(node.sinceMs, nowMs);
      node.publishedAtMs = notLater(node.publishedAtMs);
      node.noticedAtMs = notLater(node.noticedAtMs);
      node.hurryAtMs = notLater(node.hurryAtMs);
    }
    this.#quietUntilMs = 0;
  }

  #add(node: BookNode): void {
    this.#nodes.set(node.identity, node);
    this.#order.push(node);
    this.#count(node.state, 1);
    if (!isOpen(node.state) && node.state !== 'ok') this.#failures += 1;
    if (node.issuedAtMs === null) return;
    this.#asked = this.#order.length;
    if (this.#isSettled(node.state)) return;
    this.#open += 1;
    if (node.state !== 'waiting') this.#atWork += 1;
  }

  /** Whether a node in this state has come to its end, for now. */
  #isSettled(state: NodeState): boolean {
    return !isOpen(state) || (this.#isSilent && state === 'sent');
  }

  #move(node: BookNode, state: NodeState): void {
    if (node.issuedAtMs !== null) {
      const [was, is] = [this.#isSettled(node.state), this.#isSettled(state)];
      this.#open += Number(was) - Number(is);
      this.#atWork += Number(was || node.state === 'waiting') - Number(is || state === 'waiting');
    }
    const failed = (of: NodeState) => Number(!isOpen(of) && of !== 'ok');
    this.#failures += failed(state) - failed(node.state);
    this.#count(node.state, -1);
    this.#count(state, 1);
    node.state = state;
    // Another state has other limits.
    if (!node.answered) this.#touched.add(node);
  }

  #count(state: NodeState, by: number): void {
    this.#counts.set(state, (this.#counts.get(state) ?? 0) + by);
  }
}
