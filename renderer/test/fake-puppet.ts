import type {
  EndpointHandlers,
  NodeDetail,
  PuppetFigures,
  PuppetNode,
  PuppetRun,
  PuppetState,
  RunallOrder,
  RunOrder,
} from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { seededRandom } from './fake-fleet.ts';
import { FakeRunall } from './fake-runalls.ts';

const hourMs = 3_600_000;
const ages = [hourMs / 2, hourMs, 6 * hourMs, 24 * hourMs, null];

function runOf(random: () => number, atMs: number): PuppetRun {
  const luck = random();
  const total = 120 + Math.floor(random() * 480);
  const failed = luck > 0.93 ? 1 + Math.floor(random() * 4) : 0;
  const changed = luck > 0.75 ? 1 + Math.floor(random() * 12) : 0;
  return {
    result: failed > 0 ? 'failed' : changed > 0 ? 'changed' : 'ok',
    failed,
    changed,
    corrected: changed > 6 ? 1 : 0,
    outOfSync: failed + changed,
    total,
    totalTime: Math.round((6 + random() * 30 + (random() > 0.9 ? 60 : 0)) * 10) / 10,
    configRetrievalTime: Math.round((1 + random() * 5) * 10) / 10,
    configVersion: String(1_764_000_000 + Math.floor(random() * 3) * 600),
    atMs,
  };
}

type PuppetHandlers = Pick<EndpointHandlers, Extract<keyof EndpointHandlers, `puppet.${string}` | `runalls.${string}`>>;

export interface FakePuppetParts {
  readonly find: (target: RunallOrder['target']) => Result<readonly NodeDetail[]>;
  readonly match: (filter: string) => Result<readonly NodeDetail[]>;
  readonly nowMs: () => number;
  /** Tells all streams that something changed. */
  readonly tell: () => void;
}

/** Puppet on the fake fleet: states as a company has them, some disabled, some silent. */
export class FakePuppet {
  readonly nodes: Map<string, PuppetNode>;
  readonly runalls: FakeRunall[] = [];
  refreshedAtMs: number | null;
  revision = 1;
  readonly #random = seededRandom(23);
  readonly #parts: FakePuppetParts;

  constructor(nodes: readonly NodeDetail[], parts: FakePuppetParts) {
    this.#parts = parts;
    this.refreshedAtMs = parts.nowMs() - 4 * 60_000;
    this.nodes = new Map(nodes.map(({ identity }) => [identity, this.#node(identity)]));
  }

  #node(identity: string): PuppetNode {
    const random = this.#random;
    const nowMs = this.#parts.nowMs();
    const luck = random();
    const state: PuppetState =
      luck < 0.05 ? 'disabled' : luck < 0.12 ? 'applying' : luck < 0.2 ? 'stopped' : luck < 0.97 ? 'idling' : 'unknown';
    const isKnown = state !== 'unknown';
    const lastRunAtMs = isKnown ? nowMs - Math.floor(random() ** 3 * 30 * hourMs) - 60_000 : null;
    const isSilent = !isKnown || random() > 0.98;
    const reasons = ['Migrating the database, ask Ada', 'Disk is being replaced', ''];
    return {
      identity,
      state,
      applying: state === 'applying',
      daemonPresent: state === 'applying' || state === 'idling',
      disableMessage: state === 'disabled' ? (reasons[Math.floor(random() * reasons.length)] ?? '') : '',
      lastRunAtMs,
      run: lastRunAtMs === null ? null : runOf(random, lastRunAtMs),
      toldAtMs: isKnown ? (this.refreshedAtMs ?? nowMs) - (isSilent ? 5 * hourMs : 0) : null,
      problem: isSilent ? 'no answer' : '',
    };
  }

  /** What an action of the puppet agent does to nodes. */
  obey(order: RunOrder, identities: readonly string[]): void {
    for (const identity of identities) {
      const node = this.nodes.get(identity);
      if (node === undefined) continue;
      const { message } = order.inputs;
      const toldAtMs = this.#parts.nowMs();
      if (order.action === 'disable')
        this.nodes.set(identity, {
          ...node,
          state: 'disabled',
          applying: false,
          disableMessage: typeof message === 'string' ? message : '',
          toldAtMs,
        });
      else if (order.action === 'enable')
        this.nodes.set(identity, { ...node, state: 'idling', disableMessage: '', toldAtMs });
      else if (order.action === 'runonce')
        this.nodes.set(identity, { ...node, state: 'applying', applying: true, toldAtMs });
    }
    this.changed();
  }

  /** Something is known anew. */
  changed(): void {
    this.revision++;
    this.#parts.tell();
  }

  /** Moves every runall that goes on one step further. */
  advance(): boolean {
    const going = this.runalls.filter(({ isGoing }) => isGoing);
    for (const runall of going) runall.advance(this.#parts.nowMs());
    if (going.length > 0) this.changed();
    return going.length > 0;
  }

  #chosen(filter: string): Result<readonly PuppetNode[]> {
    const found = this.#parts.match(filter);
    if (!found.ok) return found;
    return ok(found.value.flatMap(({ identity }) => this.nodes.get(identity) ?? []));
  }

  #figures(nodes: readonly PuppetNode[]): PuppetFigures {
    const nowMs = this.#parts.nowMs();
    const times = nodes.flatMap(({ run }) => run?.totalTime ?? []);
    const [least, most] = [Math.min(...times), Math.max(...times)];
    const step = (most - least) / 12;
    const age = ({ lastRunAtMs }: PuppetNode) => (lastRunAtMs === null ? null : nowMs - lastRunAtMs);
    return {
      ages: ages.map((upToMs, index) => {
        const from = ages[index - 1] ?? -1;
        const fits = (ageMs: number | null) => ageMs !== null && ageMs > from && ageMs <= (upToMs ?? Infinity);
        return { upToMs, nodes: nodes.filter((node) => fits(age(node))).length };
      }),
      never: nodes.filter(({ toldAtMs, lastRunAtMs }) => toldAtMs !== null && lastRunAtMs === null).length,
      durations:
        times.length === 0
          ? []
          : Array.from({ length: 12 }, (_, index) => ({
              from: least + index * step,
              to: least + (index + 1) * step,
              nodes: times.filter((time) => Math.min(11, Math.floor((time - least) / step)) === index).length,
            })),
      averageDuration: times.length === 0 ? null : times.reduce((sum, time) => sum + time, 0) / times.length,
    };
  }

  runall(runallId: string): Result<FakeRunall> {
    const runall = this.runalls.find((known) => known.runallId === runallId);
    return runall === undefined ? fail('runall.unknown', `There is no runall ${runallId}`) : ok(runall);
  }

  #told(runallId: string, act: (runall: FakeRunall) => void) {
    const runall = this.runall(runallId);
    if (!runall.ok) return Promise.resolve(runall);
    if (runall.value.isFinal) return Promise.resolve(fail('runall.ended', 'The runall has ended'));
    act(runall.value);
    this.changed();
    return Promise.resolve(ok(runall.value.summary));
  }

  handlers(): PuppetHandlers {
    const soon = <T>(result: Result<T>) => Promise.resolve(result);
    return {
      'puppet.overview': ({ filter, states, results = [], silent = false, search, sort, offset, limit }) => {
        const found = this.#chosen(filter);
        if (!found.ok) return soon(found);
        const all = found.value;
        const inState = (state: PuppetState) => all.filter((node) => node.state === state).length;
        const valueOf = (node: PuppetNode): string | number | null =>
          ({
            state: node.state,
            lastRun: node.lastRunAtMs,
            failed: node.run?.failed ?? null,
            changed: node.run?.changed ?? null,
            totalTime: node.run?.totalTime ?? null,
            told: node.toldAtMs,
          })[sort.by] ?? (sort.by === 'identity' ? node.identity : null);
        const rows = all
          .filter(({ state }) => states.length === 0 || states.includes(state))
          .filter(({ run }) => results.length === 0 || (run !== null && results.includes(run.result)))
          .filter(({ problem }) => !silent || problem !== '')
          .filter((node) => `${node.identity} ${node.disableMessage} ${node.problem}`.includes(search))
          .toSorted((a, b) => {
            const [left, right] = [valueOf(a), valueOf(b)];
            if (left === right) return a.identity < b.identity ? -1 : 1;
            if (left === null || right === null) return left === null ? 1 : -1;
            return (sort.descending ? -1 : 1) * (left < right ? -1 : 1);
          });
        return soon(
          ok({
            total: rows.length,
            counts: {
              states: {
                applying: inState('applying'),
                idling: inState('idling'),
                stopped: inState('stopped'),
                disabled: inState('disabled'),
                unknown: inState('unknown'),
              },
              daemons: all.filter(({ daemonPresent }) => daemonPresent).length,
              failing: all.filter(({ run }) => run?.result === 'failed').length,
              changed: all.filter(({ run }) => run?.result === 'changed').length,
              silent: all.filter(({ problem }) => problem !== '').length,
            },
            rows: rows.slice(offset, offset + limit),
            refreshedAtMs: this.refreshedAtMs,
          }),
        );
      },
      'puppet.figures': ({ filter }) => {
        const found = this.#chosen(filter);
        return soon(found.ok ? ok(this.#figures(found.value)) : found);
      },
      'puppet.refresh': () => {
        this.refreshedAtMs = this.#parts.nowMs();
        let answered = 0;
        for (const [identity, node] of this.nodes) {
          if (node.problem !== '') continue;
          this.nodes.set(identity, { ...node, toldAtMs: this.#parts.nowMs() });
          answered++;
        }
        this.changed();
        return soon(ok({ asked: this.nodes.size, answered }));
      },
      'runalls.start': (order) => {
        const found = this.#parts.find(order.target);
        if (!found.ok) return soon(found);
        const runallId = (0x2000_0000 + this.runalls.length * 7_919).toString(16).padEnd(32, '0');
        const nodes = found.value.flatMap(({ identity }) => this.nodes.get(identity) ?? []);
        this.runalls.push(new FakeRunall(runallId, order, nodes, this.#parts.nowMs()));
        this.changed();
        return soon(ok({ runallId }));
      },
      'runalls.list': ({ offset, limit }) => {
        const all = this.runalls.map(({ summary }) => summary).reverse();
        return soon(ok({ total: all.length, runalls: all.slice(offset, offset + limit) }));
      },
      'runalls.get': ({ runallId }) => {
        const runall = this.runall(runallId);
        return soon(runall.ok ? ok(runall.value.summary) : runall);
      },
      'runalls.nodes': ({ runallId, states, search, offset, limit }) => {
        const runall = this.runall(runallId);
        if (!runall.ok) return soon(runall);
        const rows = runall.value.nodes
          .filter(({ state }) => states.length === 0 || states.includes(state))
          .filter(({ identity, detail }) => `${identity} ${detail}`.includes(search));
        return soon(ok({ total: rows.length, rows: rows.slice(offset, offset + limit) }));
      },
      'runalls.pause': ({ runallId }) => this.#told(runallId, (runall) => runall.pause()),
      'runalls.resume': ({ runallId }) => this.#told(runallId, (runall) => runall.resume()),
      'runalls.cancel': ({ runallId }) => this.#told(runallId, (runall) => runall.cancel(this.#parts.nowMs())),
    };
  }
}
