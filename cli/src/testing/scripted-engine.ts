import { createComparisons } from '@muster/client/comparisons';
import { applyLimit, plainDiscovery } from '@muster/client/discovery';
import type { Discovery, Engine, EngineRunOrder, Question } from '@muster/client/engine';
import { readGuardSettings, ReadOnly } from '@muster/client/guard';
import { createSelections } from '@muster/client/presets';
import { createRecipes } from '@muster/client/recipes';
import { ReportJobs } from '@muster/client/reports';
import { createSchedules } from '@muster/client/schedules';
import type { RunSummary } from '@muster/protocol/bridge';
import { agentDdlSchema, dataDdlSchema, type AgentDdl } from '@muster/protocol/ddl';
import { fail, ok, type Result, unwrap } from '@muster/protocol/errors';
import { discoveryNeeds, evaluateFilter, factLookup, parseFilter } from '@muster/protocol/filter';
import { createClosedBus } from '@muster/runtime/bus';
import { createLogger } from '@muster/runtime/logging';
import { memoryRecipes } from './memory-recipes.ts';
import { memorySchedules } from './memory-schedules.ts';
import { memorySelections } from './memory-selections.ts';
import { detail, scriptedRuns, startedAtMs, unused, type ScriptedNode } from './scripted-runs.ts';

export interface ScriptedEngine extends Engine {
  readonly orders: readonly EngineRunOrder[];
  /** What was asked without a run. */
  readonly questions: readonly Question[];
  readonly state: { closed: boolean };
}

interface Script {
  readonly nodes: readonly ScriptedNode[];
  readonly ddls: readonly Parameters<typeof agentDdlSchema.parse>[0][];
  /** Data plugins that every node has. */
  readonly data?: readonly Parameters<typeof dataDdlSchema.parse>[0][];
  /** Nodes that answer each request without being asked. */
  readonly strangers?: readonly string[];
  /** One that never ends when absent. */
  readonly certificate?: Engine['certificate'];
  /** The broker as it is when the engine opens. */
  readonly up?: Result<void>;
  /** Runs stay open until somebody ends them. */
  readonly neverEnds?: boolean;
  /** Of each run only so many nodes are asked until it is resumed. */
  readonly asks?: number;
  /** How the runs stand meanwhile. */
  readonly stands?: Partial<Pick<RunSummary, 'state' | 'hold' | 'sentAtMs'>>;
  /** Whether this engine conducts the runs that it starts. By default it does. */
  readonly conducts?: boolean;
}

const count = (values: readonly string[]) =>
  [...Map.groupBy(values, (value) => value)].map(([value, group]) => ({ value, nodes: group.length }));

/** An engine over a fleet that is a table: commands are tested against it without broker, database or process. */
export function scriptedEngine({
  nodes,
  ddls,
  data = [],
  strangers = [],
  up = ok(undefined),
  neverEnds = false,
  asks = Infinity,
  stands = {},
  conducts = true,
  certificate = { notAfterMs: Infinity, renewalDueMs: Infinity, renew: unused },
}: Script): ScriptedEngine {
  const agents = ddls.map((ddl): AgentDdl => agentDdlSchema.parse(ddl));
  const orders: EngineRunOrder[] = [];
  const questions: Question[] = [];
  const runs = scriptedRuns({ nodes, strangers, isOpen: neverEnds || asks < Infinity, asks, stands, conducts });
  const state = { closed: false };

  function ask(question: Question): Promise<Result<void>> {
    questions.push(question);
    const { agent, action, inputs } = question;
    for (const identity of question.identities) {
      const order = { agent, action, inputs, target: { kind: 'nodes' as const, identities: [identity] } };
      const given = nodes.find((node) => node.identity === identity)?.answer(order) ?? 'silent';
      if (given !== 'silent') question.onAnswer(detail(identity, 'on_time', given));
    }
    return Promise.resolve(ok(undefined));
  }

  const discovery: Discovery = {
    choice: { method: 'broadcast', options: {} },
    discover: ({ filter, agent, choice, limit, onNode }) => {
      const { plainIdentities } = discoveryNeeds(filter);
      if (plainIdentities !== null)
        return Promise.resolve(ok({ identities: plainIdentities, durationMs: 0, method: 'list' }));
      const matching = nodes.filter((node) => {
        const match = evaluateFilter(filter, node);
        return match.ok && match.value && (agent === undefined || node.agents.includes(agent));
      });
      const found = matching.map((node) => node.identity);
      const identities = applyLimit(found, limit);
      (limit?.size.unit === 'nodes' ? identities : found).forEach((identity) => onNode?.(identity));
      const method = choice?.method ?? 'broadcast';
      return Promise.resolve(ok({ identities, durationMs: 2000, method, ...(limit === undefined ? {} : { limit }) }));
    },
  };
  const matching = (filter: string): Result<string[]> => {
    const parsed = parseFilter(filter);
    if (!parsed.ok) return parsed;
    const found = nodes.filter((node) => {
      const match = evaluateFilter(parsed.value, node);
      return match.ok && match.value;
    });
    return ok(found.map(({ identity }) => identity).sort());
  };
  const selections = createSelections({
    storage: { ...memorySelections(), identitiesMatching: (filter) => Promise.resolve(matching(filter)) },
    discovery,
    clock: () => startedAtMs,
    randomBytes: (count) => new Uint8Array(count),
  });

  const knownAgents = () =>
    Promise.resolve(
      ok(
        agents.map((ddl) => ({
          ddl,
          nodes: nodes.length,
          versions: [{ version: ddl.version, nodes: nodes.length }],
        })),
      ),
    );
  const recipes = createRecipes({
    storage: {
      ...memoryRecipes(),
      agents: knownAgents,
    },
    clock: () => startedAtMs,
    tell: () => selections.lookForChanges(),
  });

  const start: Engine['runs']['start'] = (order) => {
    orders.push(order);
    return runs.start(order);
  };
  let ids = 0;
  const schedules = createSchedules({
    configuration: { person: 'alice' },
    consoleId: 'scripted',
    effects: {
      bus: createClosedBus(startedAtMs),
      clock: () => startedAtMs,
      randomBytes: (size) => new Uint8Array(size).fill((ids += 1)),
      startTimer: () => () => undefined,
      logger: createLogger({ name: 'scripted', level: 'silent', destination: { write: () => undefined } }),
    },
    audit: { note: () => Promise.resolve(ok(undefined)) },
    storage: { ...memorySchedules(), getRun: (runId) => runs.get(runId), beat: () => Promise.resolve(ok(0)) },
    runs: { start, check: () => Promise.resolve(ok({ hasSecrets: false })) },
  });

  const jobs = new ReportJobs({
    folder: '/home/x/data/reports',
    clock: () => startedAtMs,
    randomBytes: (count) => new Uint8Array(count),
    startTimer: () => () => undefined,
    open: unused,
  });

  const joins: Engine['joins'] = {
    list: () => Promise.resolve(ok([])),
    approve: unused,
    reject: unused,
  };

  return {
    orders,
    questions,
    ask,
    state,
    version: '1.2.3',
    readOnly: new ReadOnly(false),
    isConducting: false,
    rest: () => undefined,
    configuration: {
      home: '/home/x',
      person: 'tester',
      collectives: ['muster', 'eu'],
      brokerUrls: [],
      proxy: null,
      dataFolder: '/home/x/data',
      discoveryTimeoutMs: 2000,
      discovery: plainDiscovery('/home/x'),
      guard: readGuardSettings(),
      notify: [],
      history: { keepMs: null, evidence: true, archive: '/home/x/archive' },
    },
    connection: {
      state: { status: 'up', sinceMs: 0, url: 'amqps://127.0.0.1' },
      onState: () => () => undefined,
      waitUntilUp: () => Promise.resolve(up),
    },
    discovery,
    presets: selections.presets,
    recipes,
    groups: selections.groups,
    targets: selections.targets,
    retention: {
      settings: { keepMs: null, evidence: true, archive: '/home/x/archive' },
      refresh: () => Promise.resolve(),
      look: unused,
      preview: unused,
      change: unused,
    },
    history: {
      choices: unused,
      marks: () => Promise.resolve(ok({ pin: null, notes: [] })),
      annotate: unused,
      removeNote: unused,
      pin: unused,
      remove: unused,
      restore: unused,
    },
    nodes: { factChanges: unused, factDifference: unused, compare: unused, certificate: unused, statistics: unused },
    comparisons: createComparisons({
      compareRuns: unused,
      comparedNodes: unused,
      comparisonPage: unused,
      comparisonPartners: unused,
    }),
    evidence: { export: unused },
    reports: { jobs, open: unused, write: unused, copy: unused },
    health: { get: unused, nodes: unused, identities: unused },
    joins,
    certificate,
    policies: { check: unused, sign: unused },
    audit: { note: unused, noteSome: () => undefined, records: unused, verify: unused },
    notify: { list: () => Promise.resolve(ok([])), test: unused, revision: unused, onChange: () => () => undefined },
    notices: {
      list: () => Promise.resolve(ok([])),
      dismiss: unused,
      takeUntold: () => Promise.resolve(ok([])),
      onChange: () => () => undefined,
    },
    runs: { ...runs, start },
    inventory: {
      count: (filter) => {
        const found = matching(filter);
        return Promise.resolve(
          found.ok ? ok({ matching: found.value.length, total: nodes.length, needsFleet: false }) : found,
        );
      },
      list: ({ filter, columns, lists = [], offset, limit }) => {
        const matching = nodes.filter((node) => unwrap(evaluateFilter(unwrap(parseFilter(filter)), node)));
        const rows = matching.slice(offset, offset + limit).map((node) => ({
          identity: node.identity,
          firstSeenMs: startedAtMs,
          lastSeenMs: startedAtMs,
          agentVersion: '0.1.0',
          clockSkewMs: null,
          facts: Object.fromEntries(
            columns.map((path) => {
              const value = factLookup(path)(node.facts);
              return [path, typeof value === 'string' ? value : value === undefined ? null : JSON.stringify(value)];
            }),
          ),
          lists: Object.fromEntries(lists.map((list) => [list, [...node[list]]])),
        }));
        return Promise.resolve(ok({ matching: matching.length, total: nodes.length, needsFleet: false, rows }));
      },
      identities: (filter) => Promise.resolve(matching(filter)),
      node: unused,
      factPaths: () =>
        Promise.resolve(
          ok(
            count(nodes.flatMap(({ facts }) => Object.keys(facts))).map((path) => ({
              ...path,
              types: ['text' as const],
            })),
          ),
        ),
      factValues: (path) => {
        const values = count(nodes.map(({ facts }) => String(factLookup(path)(facts))));
        return Promise.resolve(ok({ values, distinct: values.length }));
      },
      classes: () => Promise.resolve(ok(count(nodes.flatMap(({ classes }) => classes)))),
      collectives: unused,
      facets: unused,
      resolve: unused,
      agents: knownAgents,
      dataPlugins: () =>
        Promise.resolve(
          ok(
            data
              .map((ddl) => dataDdlSchema.parse(ddl))
              .map((ddl) => ({ name: ddl.name, versions: [{ ddl, nodes: nodes.length }] })),
          ),
        ),
      agent: (name) => {
        const ddl = agents.find((agent) => agent.name === name);
        return Promise.resolve(ddl === undefined ? fail('agent.unknown', `No node has an agent ${name}`) : ok(ddl));
      },
      agentVersions: unused,
      agentsFor: unused,
      refresh: () => Promise.resolve(ok({ nodes: nodes.length, updated: nodes.length })),
      revision: () => Promise.resolve(ok({ total: nodes.length, revision: 1 })),
      onChange: () => () => undefined,
    },
    preferences: { get: unused, set: unused },
    puppet: { overview: unused, figures: unused, refresh: unused, revision: unused, onChange: () => () => undefined },
    schedules,
    runalls: {
      start: unused,
      list: unused,
      get: unused,
      nodes: unused,
      pause: unused,
      resume: unused,
      cancel: unused,
      onChange: () => () => undefined,
    },
    close: () => {
      state.closed = true;
      return Promise.resolve();
    },
  };
}
