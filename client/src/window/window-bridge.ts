import { basename, join } from 'node:path';
import {
  createDispatcher,
  endpoints,
  streams,
  type ConnectionShape,
  type Dispatcher,
  type EndpointParams,
  type EndpointResult,
  type EngineHandlers,
  type EngineSources,
  type GuardHandlers,
  type ProfileHandlers,
  type StartTimer,
} from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import { parseFilter } from '@muster/protocol/filter';
import type { ChainReport } from '../audit/index.ts';
import { readLog } from '../console-log/index.ts';
import { checkWindowChoice } from '../discovery/index.ts';
import type { Engine, Stop } from '../engine/engine.ts';
import type { Guard } from '../guard/index.ts';
import { isForWhoeverWaits, noProfiles } from './profile-calls.ts';
import { settledHandlers, settledSources } from './setup-bridge.ts';
import { createReportHandlers, followReports, type ReportHost } from './window-reports.ts';

const mapped = <T, U>(result: Result<T>, map: (value: T) => U): Result<U> =>
  result.ok ? ok(map(result.value)) : result;

/** The most findings of each sort that a window gets of one chain. */
const shownFindings = 100;

function chainVerdict({ name, report }: ChainReport): EndpointResult<'audit.verify'>['chains'][number] {
  const { isIntact, records, signed, writer, damage, damageCount, notes, noteCount } = report;
  const shown = (findings: typeof damage | typeof notes) =>
    findings.slice(0, shownFindings).map((finding) => ({ ...finding, file: basename(finding.file) }));
  return {
    chain: name,
    isIntact,
    records,
    signed,
    writer: writer === null ? null : `${writer.role} ${writer.name}`,
    damage: shown(damage),
    damageCount,
    notes: shown(notes),
    noteCount,
  };
}

async function compareWithInventory(
  engine: Engine,
  { filter: text, collective, timeoutMs }: EndpointParams<'fleet.discover'>,
): Promise<Result<EndpointResult<'fleet.discover'>>> {
  const filter = parseFilter(text);
  if (!filter.ok) return filter;
  const discovered = await engine.discovery.discover({
    filter: filter.value,
    choice: { method: 'broadcast', options: {} },
    ...(collective === undefined ? {} : { collective }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  if (!discovered.ok) return discovered;
  const identities = await engine.inventory.identities(text);
  // Only the nodes can answer data plugins: then there is nothing to compare with.
  const onlyNodesKnow = !identities.ok && identities.error.code === 'filter.needs_fleet';
  const known = onlyNodesKnow ? ok(discovered.value.identities) : identities;
  if (!known.ok) return known;
  const answered = new Set(discovered.value.identities);
  const expected = new Set(known.value);
  return ok({
    identities: [...answered],
    missing: known.value.filter((identity) => !answered.has(identity)),
    surplus: discovered.value.identities.filter((identity) => !expected.has(identity)),
    durationMs: discovered.value.durationMs,
  });
}

function aboutConsole({ configuration, version }: Engine): EndpointResult<'console.about'> {
  const { home, dataFolder, brokerUrls, proxy } = configuration;
  const runsOn = { 'Node.js': process.versions.node, Electron: process.versions['electron'] };
  return {
    ...{ version, home, dataFolder, proxy },
    brokerUrls: [...brokerUrls],
    runsOn: Object.entries(runsOn).flatMap(([name, value]) => (value === undefined ? [] : [{ name, version: value }])),
  };
}

/** Answers every call that the contract lists for an open console. */
function createHandlers(engine: Engine, host: ReportHost): EngineHandlers {
  const {
    configuration,
    inventory,
    nodes,
    runs,
    history,
    comparisons,
    presets,
    recipes,
    groups,
    notices,
    notify,
    preferences,
    puppet,
    runalls,
    schedules,
    health,
    joins,
    audit,
  } = engine;
  return {
    'session.get': () =>
      Promise.resolve(
        ok({
          person: configuration.person,
          collectives: [...configuration.collectives],
          version: engine.version,
          connection: engine.connection.state,
        }),
      ),
    'fleet.count': ({ filter }) => inventory.count(filter),
    'fleet.list': (params) => inventory.list(params),
    'fleet.node': ({ identity }) => inventory.node(identity),
    'fleet.factPaths': async () => mapped(await inventory.factPaths(), (paths) => ({ paths: [...paths] })),
    'fleet.factValues': ({ path, limit, filter }) => inventory.factValues(path, limit, filter),
    'fleet.classes': async ({ filter }) =>
      mapped(await inventory.classes(filter), (classes) => ({ classes: [...classes] })),
    'fleet.collectives': async ({ filter }) =>
      mapped(await inventory.collectives(filter), (collectives) => ({ collectives: [...collectives] })),
    'fleet.facets': (params) => inventory.facets(params),
    'fleet.resolve': ({ text }) => inventory.resolve(text),
    'fleet.discover': (params) => compareWithInventory(engine, params),
    'fleet.refresh': () => inventory.refresh(),
    'nodes.factChanges': ({ identity }) => nodes.factChanges(identity),
    'nodes.factDifference': async ({ identity, fromMs, toMs }) =>
      mapped(await nodes.factDifference(identity, fromMs, toMs), (differences) => ({ differences: [...differences] })),
    'nodes.compare': ({ first, second }) => nodes.compare(first, second),
    'nodes.certificate': async ({ identity }) =>
      mapped(await nodes.certificate(identity), (certificate) => ({ certificate })),
    'nodes.statistics': async ({ identity }) =>
      mapped(await nodes.statistics(identity), (statistics) => ({ statistics })),
    'actions.list': async () => mapped(await inventory.agents(), (agents) => ({ agents: [...agents] })),
    'actions.dataPlugins': async () => mapped(await inventory.dataPlugins(), (plugins) => ({ plugins: [...plugins] })),
    'actions.versions': async ({ agent, target }) => {
      const resolved = await engine.targets.resolve(target);
      return resolved.ok ? inventory.agentVersions(agent, resolved.value) : resolved;
    },
    'runs.start': async (order) => {
      const allowed = checkWindowChoice(order.discovery);
      return allowed.ok ? mapped(await runs.start(order), ({ runId }) => ({ runId })) : allowed;
    },
    'runs.list': (params) => runs.list(params),
    'runs.choices': () => history.choices(),
    'runs.marks': ({ runId }) => history.marks(runId),
    'runs.annotate': ({ runId, text }) => history.annotate(runId, text),
    'runs.removeNote': ({ runId, noteId }) => history.removeNote(runId, noteId),
    'runs.pin': async ({ runIds, isPinned }) => mapped(await history.pin(runIds, isPinned), () => ({})),
    'runs.remove': ({ runIds }) => history.remove(runIds),
    'runs.restore': async ({ runIds }) =>
      mapped(await history.restore(runIds), (restored) => ({ restored: [...restored] })),
    'comparisons.get': (params) => comparisons.get(params),
    'comparisons.nodes': (params) => comparisons.nodes(params),
    'comparisons.partners': async ({ runId }) =>
      mapped(await comparisons.partners(runId), (partners) => ({ partners: [...partners] })),
    'runs.get': ({ runId }) => runs.get(runId),
    'runs.pause': ({ runId }) => runs.pause(runId),
    'runs.resume': ({ runId }) => runs.resume(runId),
    'runs.stop': ({ runId }) => runs.stop(runId),
    'runs.cancel': ({ runId }) => runs.cancel(runId),
    'runs.results': (params) => runs.results(params),
    'runs.resultNodes': (params) => runs.resultNodes(params),
    'runs.action': async ({ runId }) => mapped(await runs.action(runId), (described) => ({ described })),
    'runs.summaries': async ({ runId }) =>
      mapped(await runs.summaries(runId), (summaries) => ({ summaries: [...summaries] })),
    'runs.groups': (params) => runs.groups(params),
    'runs.groupNodes': async (params) =>
      mapped(await runs.groupNodes(params), (identities) => ({ identities: [...identities] })),
    'schedules.list': async () => mapped(await schedules.list(), (all) => ({ schedules: [...all] })),
    'schedules.save': async ({ scheduleId, draft }) => {
      const allowed = checkWindowChoice(draft.order.discovery);
      return allowed.ok ? schedules.save(draft, scheduleId) : allowed;
    },
    'schedules.remove': async ({ scheduleId }) => mapped(await schedules.remove(scheduleId), () => ({})),
    'schedules.pause': ({ scheduleId, isPaused }) => schedules.pause(scheduleId, isPaused),
    'schedules.run': async ({ scheduleId }) => mapped(await schedules.run(scheduleId), ({ runId }) => ({ runId })),
    'schedules.occurrences': (params) => schedules.occurrences(params),
    'schedules.preview': (draft) =>
      Promise.resolve(mapped(schedules.preview(draft), (upcoming) => ({ upcoming: [...upcoming] }))),
    'software.updates': (params) => runs.updates(params),
    'software.updateNodes': async (params) =>
      mapped(await runs.updateNodes(params), (identities) => ({ identities: [...identities] })),
    'runs.result': ({ runId, identity }) => runs.result(runId, identity),
    'presets.list': async () => mapped(await presets.list(), (all) => ({ presets: [...all] })),
    'presets.save': async (params) => mapped(await presets.save(params), (preset) => ({ preset })),
    'presets.remove': async ({ name }) => mapped(await presets.remove(name), () => ({})),
    'presets.export': async () => mapped(await presets.export(), (document) => ({ document })),
    'presets.import': ({ document, mode }) => presets.import(document, mode),
    'recipes.list': async () => mapped(await recipes.list(), (all) => ({ recipes: [...all] })),
    'recipes.save': async (params) => mapped(await recipes.save(params), (recipe) => ({ recipe })),
    'recipes.remove': async ({ name }) => mapped(await recipes.remove(name), () => ({})),
    'recipes.export': async () => mapped(await recipes.export(), (document) => ({ document })),
    'recipes.import': ({ document, mode }) => recipes.import(document, mode),
    'groups.list': async () => mapped(await groups.list(), (all) => ({ groups: [...all] })),
    'groups.save': async (params) => mapped(await groups.save(params), (group) => ({ group })),
    'groups.remove': async ({ name }) => mapped(await groups.remove(name), () => ({})),
    'groups.members': (params) => groups.members(params),
    'puppet.overview': (params) => puppet.overview(params),
    'puppet.figures': ({ filter }) => puppet.figures(filter),
    'puppet.refresh': ({ target }) => puppet.refresh(target),
    'runalls.start': async (order) => {
      const allowed = checkWindowChoice(order.discovery);
      return allowed.ok ? mapped(await runalls.start(order), ({ runallId }) => ({ runallId })) : allowed;
    },
    'runalls.list': (params) => runalls.list(params),
    'runalls.get': ({ runallId }) => runalls.get(runallId),
    'runalls.nodes': (params) => runalls.nodes(params),
    'runalls.pause': ({ runallId }) => runalls.pause(runallId),
    'runalls.resume': ({ runallId }) => runalls.resume(runallId),
    'runalls.cancel': ({ runallId }) => runalls.cancel(runallId),
    'policies.check': (question) => engine.policies.check(question),
    'health.get': () => health.get(),
    'health.nodes': (params) => health.nodes(params),
    'health.identities': async (params) =>
      mapped(await health.identities(params), (identities) => ({ identities: [...identities] })),
    'joins.list': async () => mapped(await joins.list(), (waiting) => ({ waiting: [...waiting] })),
    'joins.approve': ({ key, replace }) => joins.approve(key, { replace }),
    'joins.reject': ({ key }) => joins.reject(key),
    'notices.list': async () => mapped(await notices.list(), (all) => ({ notices: [...all] })),
    'notices.dismiss': async ({ noticeId }) => mapped(await notices.dismiss(noticeId), () => ({})),
    'notify.list': async () => mapped(await notify.list(), (targets) => ({ targets: [...targets] })),
    'notify.test': ({ name }) => notify.test(name),
    ...createReportHandlers(engine, host),
    'audit.records': (query) => audit.records(query),
    'audit.verify': async () => mapped(await audit.verify(), (chains) => ({ chains: chains.map(chainVerdict) })),
    'console.about': () => Promise.resolve(ok(aboutConsole(engine))),
    'console.retention': () => engine.retention.look(),
    'console.previewRetention': (params) => engine.retention.preview(params),
    'console.changeRetention': async (params) => mapped(await engine.retention.change(params), () => ({})),
    'console.log': (query) => readLog(join(configuration.dataFolder, 'console.log'), query),
    'preferences.get': async ({ key }) => mapped(await preferences.get(key), (value) => ({ value })),
    'preferences.set': async ({ key, value }) => mapped(await preferences.set(key, value), () => ({})),
  };
}

/** Tells how something stands now, unless its first news were faster, and from then on all news of it. */
function newest<T>(
  listen: (tell: (value: T) => void) => Stop,
  now: () => Promise<Result<T>>,
  tell: (value: T) => void,
): Result<Stop> {
  let hasNews = false;
  const stop = listen((value) => {
    hasNews = true;
    tell(value);
  });
  void now().then((found) => {
    if (found.ok && !hasNews) tell(found.value);
  });
  return ok(stop);
}

/** Tells the present state first, as far as it is not news by then, and each change after it. */
function createSources(engine: Engine): EngineSources {
  return {
    'session.changes': (_params, emit) => {
      const stop = engine.connection.onState((state: ConnectionShape) => emit(state));
      emit(engine.connection.state);
      return ok(stop);
    },
    'fleet.changes': (_params, emit) =>
      newest(
        (tell) => engine.inventory.onChange(tell),
        () => engine.inventory.revision(),
        (revision) => emit({ ...revision }),
      ),
    'runs.changes': ({ runId }, emit) =>
      newest(
        (tell) => engine.runs.onChange(runId, tell),
        () => engine.runs.get(runId),
        emit,
      ),
    'notices.changes': (_params, emit) =>
      newest(
        (tell) => engine.notices.onChange(tell),
        () => engine.notices.list(),
        (notices) => emit({ notices: [...notices] }),
      ),
    'notify.changes': (_params, emit) =>
      newest(
        (tell) => engine.notify.onChange(tell),
        () => engine.notify.revision(),
        (revision) => emit({ revision }),
      ),
    'puppet.changes': (_params, emit) =>
      newest(
        (tell) => engine.puppet.onChange(tell),
        () => engine.puppet.revision(),
        (revision) => emit({ revision }),
      ),
    'schedules.changes': (_params, emit) =>
      newest(
        (tell) => engine.schedules.onChange(tell),
        () => engine.schedules.revision(),
        (revision) => emit({ revision }),
      ),
    'runalls.changes': ({ runallId }, emit) =>
      newest(
        (tell) => engine.runalls.onChange(runallId, tell),
        () => engine.runalls.get(runallId),
        emit,
      ),
    'reports.changes': (_params, emit) => followReports(engine, emit),
    'presets.changes': (_params, emit) =>
      newest(
        (tell) => engine.presets.onChange(tell),
        () => engine.presets.revision(),
        (revision) => emit({ revision }),
      ),
  };
}

/** Answers what may be asked of a locked console, too. */
function createGuardHandlers(guard: Guard): GuardHandlers {
  const done = () => Promise.resolve(ok({}));
  return {
    'guard.state': () => guard.state(),
    'guard.lock': () => Promise.resolve(mapped(guard.lock('person'), () => ({}))),
    'guard.unlock': async ({ passphrase, remember }) => mapped(await guard.unlock(passphrase, remember), () => ({})),
    'guard.forget': async () => {
      await guard.forget();
      return ok({});
    },
    'guard.touch': () => {
      guard.touch();
      return done();
    },
    'guard.readOnly': () => {
      guard.turnReadOnly();
      return done();
    },
  };
}

/** Calls go to the engine that the guard gives away at that moment: a lock closes it, and another one takes its place. */
function createEngineCalls(
  guard: Guard,
  host: ReportHost,
): { readonly handlers: EngineHandlers; readonly sources: EngineSources } {
  const tables = new WeakMap<Engine, { handlers: EngineHandlers; sources: EngineSources }>();
  const current = () => {
    const { engine } = guard;
    if (!engine.ok) return engine;
    const table = tables.get(engine.value) ?? {
      handlers: createHandlers(engine.value, host),
      sources: createSources(engine.value),
    };
    tables.set(engine.value, table);
    return ok(table);
  };
  // Each name is paired with what has that very name in the table of the engine, a link that the compiler cannot follow through a loop.
  type Call = (...values: unknown[]) => unknown;
  const forwarded = (names: readonly string[], part: 'handlers' | 'sources') =>
    Object.fromEntries(
      names.map((name) => [
        name,
        (...values: unknown[]) => {
          const table = current();
          return table.ok ? (table.value[part] as unknown as Readonly<Record<string, Call>>)[name]?.(...values) : table;
        },
      ]),
    );
  return {
    handlers: forwarded(Object.keys(endpoints), 'handlers') as unknown as EngineHandlers,
    sources: forwarded(Object.keys(streams), 'sources') as unknown as EngineSources,
  };
}

/** The console behind windows: hosts hand it what windows send. While it is locked, it answers nothing but calls to the guard. */
export function createWindowBridge(
  guard: Guard,
  options: {
    readonly startTimer: StartTimer;
    /** Told of every thrown thing, which is a defect. */
    readonly onDefect: (name: string, thrown: unknown) => void;
    readonly reports: ReportHost;
    /** The fleets of the person, where the host keeps them. */
    readonly profiles?: ProfileHandlers;
  },
): Dispatcher {
  const { reports, profiles = noProfiles, ...surroundings } = options;
  const calls = createEngineCalls(guard, reports);
  const dispatcher = createDispatcher({
    handlers: { ...calls.handlers, ...createGuardHandlers(guard), ...settledHandlers, ...profiles },
    sources: {
      ...calls.sources,
      ...settledSources,
      'guard.changes': (_params, emit) => {
        const stop = guard.onStatus(emit);
        emit(guard.status);
        return ok(stop);
      },
    },
    admit: (name) => (/^(guard|setup)\./.test(name) || isForWhoeverWaits(name) ? ok(null) : guard.engine),
    ...surroundings,
  });
  guard.onStatus(({ lock }) => {
    if (lock !== null) dispatcher.closeRefused();
  });
  return dispatcher;
}
