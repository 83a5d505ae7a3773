import type { EndpointHandlers, FactChange, NodeDetail } from '@muster/protocol/bridge';
import { fail, ok } from '@muster/protocol/errors';

type Handlers = Pick<
  EndpointHandlers,
  'nodes.factChanges' | 'nodes.factDifference' | 'nodes.compare' | 'nodes.certificate' | 'nodes.statistics'
>;

/** What a fake engine knows of its nodes beside their inventory. */
export class FakeNodeHistory {
  /** Newest first; the same for every node. */
  changes: FactChange[] = [];
  completeSinceMs: number | null = null;
  /** Nodes that do not answer. */
  readonly silent = new Set<string>();
  readonly #nodes: () => readonly NodeDetail[];

  constructor(nodes: () => readonly NodeDetail[]) {
    this.#nodes = nodes;
  }

  handlers(): Handlers {
    return {
      'nodes.factChanges': () =>
        Promise.resolve(ok({ completeSinceMs: this.completeSinceMs, changes: [...this.changes] })),
      'nodes.factDifference': ({ fromMs, toMs }) =>
        Promise.resolve(
          ok({
            differences: this.changes
              .filter(({ atMs }) => atMs > fromMs && atMs <= toMs)
              .map(({ path, before, after }) => ({ path, before, after })),
          }),
        ),
      'nodes.compare': ({ first, second }) => {
        const [one, other] = [first, second].map((name) => this.#nodes().find(({ identity }) => identity === name));
        if (one === undefined || other === undefined)
          return Promise.resolve(fail('node.unknown', 'There is no such node in the inventory'));
        const only = (names: readonly string[], others: readonly string[]) =>
          names.filter((name) => !others.includes(name));
        return Promise.resolve(
          ok({
            facts: Object.keys(one.facts)
              .filter((path) => JSON.stringify(one.facts[path]) !== JSON.stringify(other.facts[path]))
              .map((path) => ({ path, before: one.facts[path], after: other.facts[path] })),
            sameFacts: 0,
            classes: { first: only(one.classes, other.classes), second: only(other.classes, one.classes) },
            collectives: { first: [], second: [] },
            agents: [],
          }),
        );
      },
      'nodes.certificate': () => Promise.resolve(ok({ certificate: null })),
      'nodes.statistics': ({ identity }) =>
        Promise.resolve(
          this.silent.has(identity)
            ? fail('node.unknown', `${identity} did not answer`)
            : ok({ statistics: { version: '0.1.0', pid: 42, total: 7 } }),
        ),
    };
  }
}
