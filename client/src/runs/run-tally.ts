import type { RunSummary } from '@muster/protocol/bridge';
import type { NodeState } from '@muster/protocol/run';
import { isOpen, type BookNode } from './book-node.ts';

/** Counts the nodes of one run as they go from state to state. */
export class RunTally {
  readonly #isSilent: boolean;
  readonly #counts = new Map<NodeState, number>();
  #atWork = 0;
  #open = 0;
  #failures = 0;

  /** With `isSilent` nobody shall answer. */
  constructor(isSilent: boolean) {
    this.#isSilent = isSilent;
  }

  /** How many nodes are in each state, with those that were not expected. */
  get states(): RunSummary['states'] {
    return Object.fromEntries([...this.#counts].filter(([, count]) => count > 0));
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

  /** Whether a node in this state has come to its end, for now. */
  isSettled(state: NodeState): boolean {
    return !isOpen(state) || (this.#isSilent && state === 'sent');
  }

  add({ state, issuedAtMs }: BookNode): void {
    this.#count(state, 1);
    if (!isOpen(state) && state !== 'ok') this.#failures += 1;
    if (issuedAtMs === null || this.isSettled(state)) return;
    this.#open += 1;
    if (state !== 'waiting') this.#atWork += 1;
  }

  /** Of all that were counted in `states`, those that have not been added as nodes were not expected. */
  addStrangers(states: RunSummary['states']): void {
    for (const [name, count] of Object.entries(states)) {
      const state = name as NodeState;
      this.#count(state, Math.max(0, count - (this.#counts.get(state) ?? 0)));
    }
  }

  /** A node that was not expected answered. */
  addStranger(state: NodeState): void {
    this.#count(state, 1);
  }

  /** So many nodes are asked now. */
  ask(count: number): void {
    this.#atWork += count;
    this.#open += count;
  }

  /** The node comes into another state. */
  move(node: BookNode, state: NodeState): void {
    if (node.issuedAtMs !== null) {
      const [was, is] = [this.isSettled(node.state), this.isSettled(state)];
      this.#open += Number(was) - Number(is);
      this.#atWork += Number(was || node.state === 'waiting') - Number(is || state === 'waiting');
    }
    const failed = (of: NodeState) => Number(!isOpen(of) && of !== 'ok');
    this.#failures += failed(state) - failed(node.state);
    this.#count(node.state, -1);
    this.#count(state, 1);
    node.state = state;
  }

  #count(state: NodeState, by: number): void {
    this.#counts.set(state, (this.#counts.get(state) ?? 0) + by);
  }
}
