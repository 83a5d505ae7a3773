import {
  puppetStates,
  type EndpointHandlers,
  type PuppetNode,
  type RunallNode,
  type RunallOrder,
  type RunallSummary,
} from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';

type PuppetHandlers = Pick<EndpointHandlers, Extract<keyof EndpointHandlers, `puppet.${string}` | `runalls.${string}`>>;

const soon = <T>(result: Result<T>) => Promise.resolve(result);
const byIdentity = (a: { identity: string }, b: { identity: string }) => (a.identity < b.identity ? -1 : 1);

/** A runall that moves when a test changes its nodes or its state. */
export interface FakeRunall {
  readonly order: RunallOrder;
  state: RunallSummary['state'];
  isConducted: boolean;
  readonly nodes: RunallNode[];
  readonly startedAtMs: number;
}

/** Puppet in memory: tests put nodes and runalls here and call `changed`. */
export class FakePuppet {
  readonly nodes = new Map<string, PuppetNode>();
  readonly runalls = new Map<string, FakeRunall>();
  refreshedAtMs: number | null = null;
  revision = 1;
  readonly #find: (order: RunallOrder['target']) => Result<readonly string[]>;
  readonly #match: (filter: string) => Result<readonly string[]>;
  readonly #nowMs: () => number;
  readonly #tell: () => void;

  constructor(options: {
    readonly find: (target: RunallOrder['target']) => Result<readonly string[]>;
    readonly match: (filter: string) => Result<readonly string[]>;
    readonly nowMs: () => number;
    readonly tell: () => void;
  }) {
    this.#find = options.find;
    this.#match = options.match;
    this.#nowMs = options.nowMs;
    this.#tell = options.tell;
  }

  /** Tells all streams that something changed. */
  changed(): void {
    this.revision += 1;
    this.#tell();
  }

  summary(runallId: string): Result<RunallSummary> {
    const runall = this.runalls.get(runallId);
    if (runall === undefined) return fail('runall.unknown', `There is no runall ${runallId}`);
    const { order, nodes, startedAtMs, state, isConducted } = runall;
    const { target } = order;
    const isFinal = ['finished', 'cancelled', 'failed'].includes(state);
    const states: RunallSummary['states'] = {};
    const skipped: RunallSummary['skipped'] = {};
    const results = { ok: 0, changed: 0, failed: 0, unknown: 0 };
    for (const node of nodes) {
      states[node.state] = (states[node.state] ?? 0) + 1;
      if (node.reason !== null) skipped[node.reason] = (skipped[node.reason] ?? 0) + 1;
      if (node.state === 'done') results[node.run?.result ?? 'unknown'] += 1;
    }
    return ok({
      runallId,
      person: 'alice',
      collective: 'muster',
      target:
        target.kind === 'preset'
          ? { ...target, resolved: { filter: '' } }
          : target.kind === 'group'
            ? { ...target, resolved: { identities: nodes.map(({ identity }) => identity), filter: null } }
            : target,
      concurrency: order.concurrency,
      options: order.options,
      rerunMs: order.rerunMs ?? null,
      state,
      isConducted,
      fault: null,
      iteration: 1,
      startedAtMs,
      iterationStartedAtMs: startedAtMs,
      nextIterationAtMs: null,
      finishedAtMs: isFinal ? startedAtMs : null,
      nodes: nodes.length,
      states,
      skipped,
      results,
      revision: this.revision,
    });
  }

  #wish(runallId: string, state: RunallSummary['state']): Promise<Result<RunallSummary>> {
    const runall = this.runalls.get(runallId);
    if (runall !== undefined) Object.assign(runall, { state, isConducted: true });
    this.changed();
    return soon(this.summary(runallId));
  }

  handlers(): PuppetHandlers {
    return {
      'puppet.overview': ({ filter, states, search, sort, offset, limit }) => {
        const matching = this.#match(filter);
        if (!matching.ok) return soon(matching);
        const all = matching.value.flatMap((identity) => this.nodes.get(identity) ?? []);
        const rows = all
          .filter(({ state }) => states.length === 0 || states.includes(state))
          .filter((node) => JSON.stringify([node.identity, node.disableMessage, node.problem]).includes(search))
          .sort((a, b) => (sort.descending ? -1 : 1) * byIdentity(a, b));
        const count = (is: (node: PuppetNode) => boolean) => all.filter(is).length;
        const inState = puppetStates.map((state) => [state, count((node) => node.state === state)] as const);
        return soon(
          ok({
            total: rows.length,
            counts: {
              states: Object.fromEntries(inState) as Record<PuppetNode['state'], number>, // of all states
              daemons: count(({ daemonPresent }) => daemonPresent),
              failing: count(({ run }) => run?.result === 'failed'),
              changed: count(({ run }) => run?.result === 'changed'),
              silent: count(({ problem }) => problem !== ''),
            },
            rows: rows.slice(offset, offset + limit),
            refreshedAtMs: this.refreshedAtMs,
          }),
        );
      },
      'puppet.refresh': ({ target }) => {
        const found = this.#find(target ?? { kind: 'filter', filter: '' });
        if (!found.ok) return soon(found);
        if (target === undefined) this.refreshedAtMs = this.#nowMs();
        this.changed();
        const answered = found.value.filter((identity) => this.nodes.get(identity)?.problem === '').length;
        return soon(ok({ asked: found.value.length, answered }));
      },
      'runalls.start': (order) => {
        const found = this.#find(order.target);
        if (!found.ok) return soon(found);
        const runallId = (0x2000_0000 + this.runalls.size * 7_919).toString(16).padEnd(32, '0');
        const nodes = found.value.map((identity): RunallNode => ({
          identity,
          state: 'waiting',
          reason: null,
          detail: '',
          askedAtMs: null,
          begunAtMs: null,
          endedAtMs: null,
          misses: 0,
          run: null,
        }));
        this.runalls.set(runallId, { order, state: 'running', isConducted: true, nodes, startedAtMs: this.#nowMs() });
        this.changed();
        return soon(ok({ runallId }));
      },
      'runalls.list': ({ offset, limit }) => {
        const all = [...this.runalls.keys()].reverse().flatMap((runallId) => {
          const summary = this.summary(runallId);
          return summary.ok ? [summary.value] : [];
        });
        return soon(ok({ total: all.length, runalls: all.slice(offset, offset + limit) }));
      },
      'runalls.get': ({ runallId }) => soon(this.summary(runallId)),
      'runalls.nodes': ({ runallId, states, search, offset, limit }) => {
        const runall = this.runalls.get(runallId);
        if (runall === undefined) return soon(fail('runall.unknown', `There is no runall ${runallId}`));
        const rows = runall.nodes
          .filter(({ state }) => states.length === 0 || states.includes(state))
          .filter((node) => JSON.stringify([node.identity, node.detail]).includes(search));
        return soon(ok({ total: rows.length, rows: rows.slice(offset, offset + limit) }));
      },
      'runalls.pause': ({ runallId }) => this.#wish(runallId, 'paused'),
      'runalls.resume': ({ runallId }) => this.#wish(runallId, 'running'),
      'runalls.cancel': ({ runallId }) => this.#wish(runallId, 'cancelled'),
    };
  }
}
