import type { NodeState } from '@muster/protocol/run';
import type { BookNode } from './book-node.ts';
import { limitOf, repeatAt, type RunLimits } from './limits.ts';

/** How long nodes are waited for at least while the broker is away, in milliseconds. */
const outageMs = 60_000;

/** What limits hang on beside the node. */
interface PassedUnder {
  readonly limits: RunLimits;
  /** Nothing can be heard, so that nodes have more time. */
  readonly isBlind: boolean;
  /** The request can be sent once more. */
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

/** What time alone does to the asked nodes of one run. As long as nothing can happen to the others, only those are looked at that were touched. */
export class LimitWatch {
  readonly #isSilent: boolean;
  readonly #move: (node: BookNode, state: NodeState) => void;
  readonly #nodes: BookNode[] = [];
  /** Nodes that have other limits than when time last passed. */
  readonly #touched = new Set<BookNode>();
  /** Nothing happens by time alone before this, but to the nodes that were touched. */
  #quietUntilMs = 0;
  #passedMs = -Infinity;
  #passedUnder: PassedUnder | null = null;

  /** With `isSilent` nobody shall answer. `move` brings a node into the state that it has by now. */
  constructor(isSilent: boolean, move: (node: BookNode, state: NodeState) => void) {
    this.#isSilent = isSilent;
    this.#move = move;
  }

  /** When something happens next by time alone. */
  get quietUntilMs(): number {
    return this.#touched.size > 0 ? 0 : this.#quietUntilMs;
  }

  /** The node was asked. */
  add(node: BookNode): void {
    this.#nodes.push(node);
    this.touchAll();
  }

  /** Something else than time has changed the node's limits. */
  touch(node: BookNode): void {
    this.#touched.add(node);
  }

  /** Something else than time has changed the limits of many. */
  touchAll(): void {
    this.#quietUntilMs = 0;
  }

  /** What has become of silent nodes by now. */
  pass(nowMs: number, under: PassedUnder): TimePassed {
    if (nowMs < this.#passedMs) this.#setBack(nowMs);
    const isQuiet = nowMs < this.#quietUntilMs && isSame(under, this.#passedUnder);
    this.#passedMs = nowMs;
    this.#passedUnder = under;
    const passed = { changed: [], repeat: [] };
    // An answer has no limit: while they stream in, no node but those that were touched is looked at.
    const nodes = isQuiet ? [...this.#touched] : this.#nodes;
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

  #limitOf(node: BookNode, limits: RunLimits, isBlind: boolean): ReturnType<typeof limitOf> {
    // A node that shall not answer waits for the broker alone.
    if (this.#isSilent && node.state !== 'queued') return null;
    const limit = limitOf(node, limits);
    return limit === null || !isBlind ? limit : { ...limit, atMs: Math.max(limit.atMs, node.sinceMs + outageMs) };
  }

  /** The clock was set back: what it said before was too late. What nodes were told stays. */
  #setBack(nowMs: number): void {
    const notLater = (atMs: number | null) => (atMs === null ? null : Math.min(atMs, nowMs));
    for (const node of this.#nodes) {
      node.sinceMs = Math.min(node.sinceMs, nowMs);
      node.publishedAtMs = notLater(node.publishedAtMs);
      node.noticedAtMs = notLater(node.noticedAtMs);
      node.hurryAtMs = notLater(node.hurryAtMs);
    }
    this.touchAll();
  }
}
