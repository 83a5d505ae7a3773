import {
  createDispatcher,
  type ConnectionShape,
  type EndpointHandlers,
  type EndpointParams,
  type EndpointResult,
  type NodeDetail,
  type Notice,
  type NotifyTarget,
  type ResultDetail,
  type RunSummary,
  type StreamSources,
  type Target,
  type Transport,
} from '@muster/protocol/bridge';
import type { ActionDefinition } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { compileFilter, dataQueries, factLookup, parseFilter } from '@muster/protocol/filter';
import { chosenResults, groupSlice, groupsOf, summariesOf } from './fake-answers.ts';
import { fakeConsole } from './fake-console.ts';
import { asText, factFacet, factPaths, nameFacet, resolveText } from './fake-facets.ts';
import { fakeDataPlugins } from './fake-data-plugins.ts';
import { FakeHealth } from './fake-health.ts';
import { FakeJoins } from './fake-joins.ts';
import { FakeRecipes } from './fake-recipes.ts';
import { FakeReports } from './fake-reports.ts';
import { fakeAgents, fakeNodes, fakeVersions } from './fake-fleet.ts';
import { FakeHistory } from './fake-history.ts';
import { FakeNodeHistory } from './fake-node-history.ts';
import { FakeGuard } from './fake-guard.ts';
import { FakeFleets } from './fake-fleets.ts';
import { FakeSetup } from './fake-setup.ts';
import { FakePuppet } from './fake-puppet.ts';
import { FakeRun } from './fake-runs.ts';
import { FakeSchedules } from './fake-schedules.ts';
import { FakeSelections } from './fake-selections.ts';
import { updateNodes, updateSlice } from './fake-updates.ts';

type StoredValue = EndpointResult<'preferences.get'>['value'];

/** An engine without a broker, behind the real dispatcher: for component tests and for looking at the window. */
export class FakeEngine {
  readonly nodes: readonly NodeDetail[];
  readonly runs: FakeRun[] = [];
  /** Names of nodes that are away: requests do not reach them. */
  readonly away = new Set<string>();
  readonly preferences = new Map<string, StoredValue>();
  readonly schedules: FakeSchedules;
  readonly selections: FakeSelections;
  readonly recipes: FakeRecipes;
  readonly puppet: FakePuppet;
  readonly guard: FakeGuard;
  readonly fleets = new FakeFleets();
  readonly setup: FakeSetup;
  readonly health: FakeHealth;
  readonly joins: FakeJoins;
  readonly reports = new FakeReports();
  readonly history: FakeHistory;
  readonly nodeHistory: FakeNodeHistory;
  /** What a person has to be told of the database. */
  notices: readonly Notice[] = [];
  /** Whom it tells when runs end. */
  notifyTargets: readonly NotifyTarget[] = [];
  /** What a target answers to a test. */
  notifyAnswer: Result<{ answer: string }> = ok({ answer: 'HTTP 204' });
  /** Every call that came, by name. */
  readonly calls: string[] = [];
  readonly transport: Transport;
  /** Set to refuse every call. */
  isGone = false;
  connection: ConnectionShape;
  readonly #nowMs: () => number;
  readonly #listeners = new Set<() => void>();
  #revision = 1;

  constructor(options: {
    readonly nodes: number;
    readonly nowMs: () => number;
    readonly startTimer: (ms: number, run: () => void) => () => void;
  }) {
    this.#nowMs = options.nowMs;
    this.joins = new FakeJoins(options.nowMs);
    this.nodeHistory = new FakeNodeHistory(() => this.nodes);
    this.history = new FakeHistory(() => this.runs, options.nowMs);
    this.recipes = new FakeRecipes(
      () => this.#nowMs(),
      () => this.changed(),
    );
    this.selections = new FakeSelections(
      (filter) => this.#identities(filter),
      options.nowMs,
      () => {
        for (const listener of this.#listeners) listener();
      },
    );
    this.nodes = fakeNodes(options.nodes, 7, options.nowMs());
    this.health = new FakeHealth(this.nodes, options.nowMs);
    this.puppet = new FakePuppet(this.nodes, {
      find: (target) => this.#aimed(target),
      match: (filter) => this.#matching(filter),
      nowMs: options.nowMs,
      tell: () => {
        for (const listener of this.#listeners) listener();
      },
    });
    this.schedules = new FakeSchedules(options.nowMs, () => this.changed());
    this.guard = new FakeGuard(options.nowMs, () => this.changed());
    this.setup = new FakeSetup(options.nowMs, () => this.changed());
    this.connection = { status: 'up', sinceMs: options.nowMs(), url: 'amqps://broker.example.com:5671' };
    const dispatcher = createDispatcher({
      handlers: this.#handlers(),
      sources: this.#sources(),
      admit: (name) => this.guard.admit(name),
      startTimer: options.startTimer,
      onDefect: (name, thrown) => {
        throw new Error(`${name} threw`, { cause: thrown });
      },
    });
    this.transport = async (name, payload) => {
      this.calls.push(name);
      if (this.isGone) throw new Error('Connection refused');
      return dispatcher.dispatch(name, JSON.parse(JSON.stringify(payload)), 'window');
    };
  }

  /** Tells all streams that something changed. */
  changed(): void {
    this.#revision++;
    for (const listener of [...this.#listeners]) listener();
  }

  #matching(filter: string): Result<readonly NodeDetail[]> {
    const parsed = parseFilter(filter);
    if (!parsed.ok) return parsed;
    const compiled = compileFilter(parsed.value);
    if (!compiled.ok) return compiled;
    // What only nodes can tell may be either way.
    const isUnsure = this.#needsFleet(filter);
    return ok(
      this.nodes.filter((node) => {
        const matched = compiled.value({ ...node, agents: node.agents.map(({ name }) => name) });
        return isUnsure || (matched.ok && matched.value);
      }),
    );
  }

  #follow<T>(read: () => T, emit: (item: T) => void): Result<() => void> {
    const listener = () => emit(read());
    listener();
    this.#listeners.add(listener);
    return ok(() => void this.#listeners.delete(listener));
  }

  #chosen({ runId, sort, ...choice }: EndpointParams<'runs.results'>): Result<ResultDetail[]> {
    const run = this.#run(runId);
    if (!run.ok) return run;
    const way = sort.descending ? -1 : 1;
    return ok(chosenResults(run.value.results, choice).toSorted((a, b) => way * (a.identity < b.identity ? -1 : 1)));
  }

  #run(runId: string): Result<FakeRun> {
    const run = this.runs.find((known) => known.runId === runId);
    return run === undefined ? fail('run.unknown', `There is no run ${runId}`) : ok(run);
  }

  /** Does with a run what a person wants, if it still goes on. */
  #steer(runId: string, steer: (run: FakeRun) => void): Promise<Result<RunSummary>> {
    const run = this.#run(runId);
    if (!run.ok) return Promise.resolve(run);
    if (run.value.isFinal) return Promise.resolve(fail('run.ended', 'The run has ended'));
    steer(run.value);
    this.changed();
    return Promise.resolve(ok(run.value.summary));
  }

  #action({ order }: FakeRun): ActionDefinition | null {
    return fakeVersions(order.agent)[0]?.actions.find(({ name }) => name === order.action) ?? null;
  }

  #needsFleet(filter: string): boolean {
    const parsed = parseFilter(filter);
    return parsed.ok && dataQueries(parsed.value).length > 0;
  }

  #count(found: readonly NodeDetail[], filter: string) {
    return { matching: found.length, total: this.nodes.length, needsFleet: this.#needsFleet(filter) };
  }

  #among<T>(filter: string, tell: (nodes: readonly NodeDetail[]) => T): Promise<Result<T>> {
    const found = this.#matching(filter);
    return Promise.resolve(found.ok ? ok(tell(found.value)) : found);
  }

  #identities(filter: string): Result<readonly string[]> {
    const found = this.#matching(filter);
    return found.ok ? ok(found.value.map(({ identity }) => identity)) : found;
  }

  /** The nodes that a run is for. */
  #aimed(target: Target): Result<readonly NodeDetail[]> {
    if (target.kind === 'filter') return this.#matching(target.filter);
    if (target.kind === 'preset') {
      const preset = this.selections.preset(target.name);
      return preset.ok ? this.#matching(preset.value.filter) : preset;
    }
    const group = target.kind === 'group' ? this.selections.group(target.name) : null;
    const members = group === null ? null : group.ok ? this.selections.members(group.value) : group;
    if (members !== null && !members.ok) return members;
    const identities = new Set(target.kind === 'nodes' ? target.identities : (members?.value ?? []));
    return ok(this.nodes.filter(({ identity }) => identities.has(identity)));
  }

  #sources(): StreamSources {
    return {
      'guard.changes': (_params, emit) => this.#follow(() => this.guard.status, emit),
      'schedules.changes': (_params, emit) => this.#follow(() => ({ revision: this.schedules.revision }), emit),
      'setup.changes': (_params, emit) => this.#follow(() => this.setup.state, emit),
      'puppet.changes': (_params, emit) => this.#follow(() => ({ revision: this.puppet.revision }), emit),
      'runalls.changes': ({ runallId }, emit) => {
        const runall = this.puppet.runall(runallId);
        return runall.ok ? this.#follow(() => runall.value.summary, emit) : runall;
      },
      'presets.changes': (_params, emit) => this.#follow(() => ({ revision: this.selections.revision }), emit),
      'reports.changes': (_params, emit) => this.#follow(() => ({ reports: [...this.reports.jobs] }), emit),
      'notify.changes': (_params, emit) => this.#follow(() => ({ revision: this.notifyTargets.length }), emit),
      'notices.changes': (_params, emit) => this.#follow(() => ({ notices: [...this.notices] }), emit),
      'session.changes': (_params, emit) => this.#follow(() => this.connection, emit),
      'fleet.changes': (_params, emit) =>
        this.#follow(() => ({ total: this.nodes.length, revision: this.#revision }), emit),
      'runs.changes': ({ runId }, emit) => {
        const run = this.#run(runId);
        return run.ok ? this.#follow(() => run.value.summary, emit) : run;
      },
    };
  }

  #handlers(): EndpointHandlers {
    const soon = <T>(result: Result<T>) => Promise.resolve(result);
    return {
      'session.get': () =>
        soon(ok({ person: 'alice', collectives: ['muster'], version: '0.1.0', connection: this.connection })),
      'fleet.count': ({ filter }) => {
        const found = this.#matching(filter);
        return soon(found.ok ? ok(this.#count(found.value, filter)) : found);
      },
      'fleet.list': ({ filter, columns, sort, offset, limit }) => {
        const found = this.#matching(filter);
        if (!found.ok) return soon(found);
        const valueOf = (node: NodeDetail) =>
          sort.by === '@identity'
            ? node.identity
            : sort.by === '@lastSeen'
              ? node.lastSeenMs
              : (asText(factLookup(sort.by)(node.facts)) ?? '');
        const turned = sort.descending ? -1 : 1;
        const sorted = found.value.toSorted((a, b) => {
          const [left, right] = [valueOf(a), valueOf(b)];
          return left === right ? a.identity.localeCompare(b.identity) : turned * (left < right ? -1 : 1);
        });
        const rows = sorted.slice(offset, offset + limit).map((node) => ({
          identity: node.identity,
          firstSeenMs: node.firstSeenMs,
          lastSeenMs: node.lastSeenMs,
          agentVersion: node.agentVersion,
          clockSkewMs: node.clockSkewMs,
          facts: Object.fromEntries(columns.map((path) => [path, asText(factLookup(path)(node.facts))])),
        }));
        return soon(ok({ ...this.#count(sorted, filter), rows }));
      },
      'fleet.node': ({ identity }) => {
        const node = this.nodes.find((known) => known.identity === identity);
        return soon(node === undefined ? fail('node.unknown', `The inventory has no node "${identity}"`) : ok(node));
      },
      'fleet.factPaths': () => soon(ok({ paths: factPaths(this.nodes) })),
      'fleet.factValues': ({ path, limit, filter = '' }) =>
        this.#among(filter, (found) => factFacet(found, path, limit)),
      'fleet.classes': ({ filter = '' }) =>
        this.#among(filter, (found) => ({
          // In the order of their names, as the engine has them.
          classes: nameFacet(found, ({ classes }) => classes, 500).values.toSorted((a, b) =>
            a.value.localeCompare(b.value),
          ),
        })),
      'fleet.collectives': ({ filter = '' }) =>
        this.#among(filter, (found) => ({
          collectives: nameFacet(found, ({ collectives }) => collectives, 500).values,
        })),
      'fleet.facets': ({ filter, paths, limit }) =>
        this.#among(filter, (found) => ({
          ...this.#count(found, filter),
          facts: paths.map((path) => ({ path, ...factFacet(found, path, limit) })),
          classes: nameFacet(found, ({ classes }) => classes, limit),
          agents: nameFacet(found, ({ agents }) => agents.map(({ name }) => name), limit),
          collectives: nameFacet(found, ({ collectives }) => collectives, limit),
        })),
      'fleet.resolve': ({ text }) => soon(ok(resolveText(this.nodes, text))),
      'fleet.discover': ({ filter }) => {
        const found = this.#matching(filter);
        if (!found.ok) return soon(found);
        const names = found.value.map(({ identity }) => identity);
        return soon(ok({ identities: names.slice(2), missing: names.slice(0, 2), surplus: [], durationMs: 812 }));
      },
      'fleet.refresh': () => soon(ok({ nodes: this.nodes.length, updated: 0 })),
      'actions.dataPlugins': () => soon(ok({ plugins: [...fakeDataPlugins(this.nodes.length)] })),
      'actions.list': () => soon(ok({ agents: [...fakeAgents(this.nodes)] })),
      'actions.versions': ({ agent, target }) => {
        const found = this.#aimed(target);
        if (!found.ok) return soon(found);
        const having = found.value.filter(({ agents }) => agents.some(({ name }) => name === agent));
        const versions = fakeVersions(agent)
          .map((ddl) => ({
            ddl,
            nodes: having.filter(({ agents }) =>
              agents.some((one) => one.name === agent && one.version === ddl.version),
            ).length,
          }))
          .filter(({ nodes }) => nodes > 0)
          .sort((a, b) => b.nodes - a.nodes);
        return soon(ok({ versions, lacking: found.value.length - having.length, unknown: 0 }));
      },
      'runs.start': (order) => {
        const found = this.#aimed(order.target);
        if (!found.ok) return soon(found);
        if (found.value.length === 0) return soon(fail('run.no_targets', 'No node matches'));
        const runId = (0x1000_0000 + this.runs.length * 7_919).toString(16).padEnd(32, '0');
        this.runs.push(new FakeRun(runId, order, found.value, this.#nowMs(), this.away));
        if (order.agent === 'puppet')
          this.puppet.obey(
            order,
            found.value.map(({ identity }) => identity),
          );
        return soon(ok({ runId }));
      },
      'runs.list': (query) => soon(this.history.list(query)),
      'runs.choices': () => soon(this.history.choices()),
      'runs.marks': ({ runId }) => soon(this.history.marks(runId)),
      'runs.annotate': ({ runId, text }) => soon(this.history.annotate(runId, text)),
      'runs.removeNote': ({ runId, noteId }) => soon(this.history.removeNote(runId, noteId)),
      'runs.pin': ({ runIds, isPinned }) => soon(this.history.pin(runIds, isPinned)),
      'runs.remove': ({ runIds }) => soon(this.history.remove(runIds)),
      'runs.restore': ({ runIds }) => soon(this.history.restore(runIds)),
      'comparisons.get': (params) => soon(this.history.compare(params)),
      'comparisons.nodes': (params) => soon(this.history.comparedNodes(params)),
      'comparisons.partners': ({ runId }) => soon(this.history.partners(runId)),
      'runs.get': ({ runId }) => {
        const run = this.#run(runId);
        return soon(run.ok ? ok(run.value.summary) : run);
      },
      'runs.pause': ({ runId }) => this.#steer(runId, (run) => run.pause(this.#nowMs())),
      'runs.resume': ({ runId }) => this.#steer(runId, (run) => run.resume(this.#nowMs())),
      'runs.stop': ({ runId }) => this.#steer(runId, (run) => run.stop(this.#nowMs())),
      'runs.cancel': ({ runId }) => this.#steer(runId, (run) => run.cancel(this.#nowMs())),
      'runs.results': (params) => {
        const found = this.#chosen(params);
        const { offset, limit } = params;
        if (!found.ok) return soon(found);
        return soon(ok({ total: found.value.length, rows: found.value.slice(offset, offset + limit) }));
      },
      'runs.resultNodes': (params) => {
        const found = this.#chosen(params);
        if (!found.ok) return soon(found);
        const names = found.value.map(({ identity }) => identity);
        return soon(ok({ identities: names.slice(params.offset, params.offset + params.limit) }));
      },
      'runs.action': ({ runId }) => {
        const run = this.#run(runId);
        if (!run.ok) return soon(run);
        const action = this.#action(run.value);
        return soon(ok({ described: action === null ? null : { agentVersion: '1.0.0', action } }));
      },
      'runs.summaries': ({ runId }) => {
        const run = this.#run(runId);
        if (!run.ok) return soon(run);
        const action = this.#action(run.value);
        return soon(ok({ summaries: action === null ? [] : summariesOf(run.value.results, action) }));
      },
      'runs.groups': (params) => {
        const run = this.#run(params.runId);
        return soon(run.ok ? ok(groupSlice(run.value.results, params)) : run);
      },
      'runs.groupNodes': (params) => {
        const run = this.#run(params.runId);
        if (!run.ok) return soon(run);
        const group = groupsOf(run.value.results, params).find(({ key }) => key === params.key);
        return soon(ok({ identities: [...(group?.members ?? [])] }));
      },
      'software.updates': (params) => {
        const run = this.#run(params.runId);
        return soon(run.ok ? ok(updateSlice(run.value.results, params)) : run);
      },
      'software.updateNodes': ({ runId, package: name }) => {
        const run = this.#run(runId);
        return soon(run.ok ? ok({ identities: [...updateNodes(run.value.results, name)] }) : run);
      },
      'runs.result': ({ runId, identity }) => {
        const run = this.#run(runId);
        if (!run.ok) return soon(run);
        const result = run.value.results.find((known) => known.identity === identity);
        return soon(result === undefined ? fail('node.unknown', `${identity} is not in this run`) : ok(result));
      },
      ...this.nodeHistory.handlers(),
      ...this.selections.handlers(),
      ...this.recipes.handlers(),
      ...this.puppet.handlers(),
      ...this.schedules.handlers(),
      'notify.list': () => soon(ok({ targets: [...this.notifyTargets] })),
      'notify.test': () => soon(this.notifyAnswer),
      'notices.list': () => soon(ok({ notices: [...this.notices] })),
      'notices.dismiss': ({ noticeId }) => {
        this.notices = this.notices.filter((notice) => notice.noticeId !== noticeId);
        this.changed();
        return soon(ok({}));
      },
      ...this.guard.handlers(),
      ...this.setup.handlers(),
      ...this.fleets.handlers(),
      'audit.records': () => soon(ok({ total: 0, shown: 0, rows: [] })),
      'audit.verify': () => soon(ok({ chains: [] })),
      'policies.check': () => soon(ok({ allow: false, rule: null, reason: 'no policy governs the agent', faults: [] })),
      'reports.start': ({ of, format }) => soon(this.reports.start(of, format)),
      'reports.cancel': () => soon(ok({})),
      'reports.fetch': ({ reportId }) => soon(ok({ address: `/report/${reportId}` })),
      'reports.dismiss': ({ reportId }) => soon(this.reports.dismiss(reportId)),
      'reports.copy': () => soon(ok({ text: 'web1\n', rows: 1 })),
      'health.get': () => soon(ok(this.health.get())),
      'health.nodes': ({ offset, limit, ...choice }) => {
        const found = this.health.of(choice);
        return soon(ok({ total: found.length, rows: found.slice(offset, offset + limit) }));
      },
      'health.identities': (choice) => soon(ok({ identities: this.health.of(choice).map(({ identity }) => identity) })),
      'joins.list': () => soon(this.joins.list()),
      'joins.approve': ({ key, replace }) => soon(this.joins.decide(key, replace ? 'replace' : 'approve')),
      'joins.reject': ({ key }) => soon(this.joins.decide(key, 'reject')),
      ...fakeConsole(this.#nowMs),
      'preferences.get': ({ key }) => soon(ok({ value: this.preferences.get(key) ?? null })),
      'preferences.set': ({ key, value }) => {
        this.preferences.set(key, value);
        return soon(ok({}));
      },
    };
  }
}
