import type { EngineRunOrder, Runs, RunWatch, StartedRun, Stop } from '@muster/client/engine';
import type { ResultDetail, ResultRow, RunSummary } from '@muster/protocol/bridge';
import type { ErrorCode } from '@muster/protocol/errors';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { FilterNode } from '@muster/protocol/filter';

/** A node of a scripted fleet: what it is, and what it answers. */
export interface ScriptedNode extends FilterNode {
  /** Silent ones are not there at all. */
  readonly answer: (
    order: EngineRunOrder,
  ) => Partial<Pick<ResultRow, 'statusCode' | 'statusMessage' | 'data' | 'state'>> | 'silent';
}

/** When all runs begin, in milliseconds since the epoch. */
export const startedAtMs = 1_700_000_000_000;

/** A node's answer. */
export function detail(identity: string, arrival: 'on_time' | 'unexpected', given: Partial<ResultRow>): ResultDetail {
  const statusCode = given.statusCode ?? 0;
  const state = given.state ?? (statusCode === 0 ? 'ok' : 'failed');
  return {
    identity,
    arrival,
    statusCode,
    state,
    statusMessage: given.statusMessage ?? 'OK',
    data: given.data ?? {},
    elapsedMs: 12.5,
    outcome: state === 'refused' ? 'refused' : statusCode === 0 ? 'ok' : 'failed',
    arrivedAtMs: startedAtMs + 12,
    timings: { receivedAtMs: startedAtMs + 2, startedAtMs: startedAtMs + 3, finishedAtMs: startedAtMs + 4 },
    signedBy: null,
  };
}

/** The target with what it meant: commands look presets and groups up before they start a run. */
function recorded({ target, resolved }: EngineRunOrder): RunSummary['target'] {
  if (resolved !== undefined) return resolved.target;
  if (target.kind === 'filter' || target.kind === 'nodes') return target;
  throw new Error(`${target.kind} ${target.name} was not looked up`);
}

export const unused = () => Promise.resolve(fail('internal', 'The scripted engine has no such thing'));

interface Script {
  readonly nodes: readonly ScriptedNode[];
  readonly strangers: readonly string[];
  /** Runs do not end by themselves. */
  readonly isOpen: boolean;
  /** So many nodes are asked before a run is resumed. */
  readonly asks: number;
  readonly stands: Partial<Pick<RunSummary, 'state' | 'hold' | 'sentAtMs'>>;
  readonly conducts: boolean;
}

interface ScriptedRun {
  readonly order: EngineRunOrder;
  summary: RunSummary;
  readonly rows: Map<string, ResultDetail>;
  readonly watchers: Set<RunWatch>;
  readonly ended: PromiseWithResolvers<RunSummary>;
  isOwn: boolean;
}

const silent = (identity: string, state: ResultRow['state']): ResultDetail => ({
  ...detail(identity, 'on_time', {}),
  state,
  arrival: null,
  statusCode: null,
  statusMessage: '',
  outcome: null,
  timings: null,
  elapsedMs: null,
});

const nodeOf = (row: ResultDetail): string => row.identity;
const isAnswer = (row: ResultDetail): boolean => row.statusCode !== null;

function newSummary(runId: string, order: EngineRunOrder, { stands, isOpen, conducts }: Script): RunSummary {
  const { batch, rollout, untilMs, noResults } = order;
  return {
    runId,
    person: 'tester',
    collective: order.collective ?? 'muster',
    agent: order.agent,
    action: order.action,
    inputs: order.inputs,
    target: recorded(order),
    state: 'running',
    hold: null,
    holdUntilMs: null,
    isConducted: isOpen && conducts,
    fault: null,
    startedAtMs,
    sentAtMs: startedAtMs + 5,
    finishedAtMs: null,
    discoveryMs: order.discovered?.durationMs ?? 0,
    timeoutMs: 5000,
    deliveryMs: order.deliveryMs ?? 15_000,
    executionMs: 4000,
    ttlMs: 60_000,
    expected: 0,
    responses: 0,
    states: {},
    unexpected: 0,
    ...(batch === undefined ? {} : { batch }),
    ...(rollout === undefined ? {} : { rollout }),
    ...(untilMs === undefined ? {} : { untilMs }),
    ...(noResults === undefined ? {} : { noResults }),
    ...stands,
  };
}

/**
 * Runs over a fleet that is a table. A run asks its nodes at once, all or the first `asks`, and is over then unless it is open. Resuming asks the
 * rest and ends it; stopping and cancelling end it; attaching conducts it where this engine does not.
 */
export function scriptedRuns(script: Script): Runs {
  const runs = new Map<string, ScriptedRun>();
  const { nodes, strangers, isOpen, asks } = script;

  function count(run: ScriptedRun, changes: Partial<RunSummary>): void {
    const rows = [...run.rows.values()];
    const states = [...Map.groupBy(rows, (row) => row.state)].map(([name, group]): [string, number] => [
      name,
      group.length,
    ]);
    run.summary = {
      ...run.summary,
      ...changes,
      responses: rows.filter(isAnswer).length,
      states: Object.fromEntries(states),
    };
    for (const { onChange } of run.watchers) onChange?.(run.summary);
    if (run.summary.finishedAtMs !== null) run.ended.resolve(run.summary);
  }

  const end = (run: ScriptedRun, state: RunSummary['state'], fault: RunSummary['fault'] = null) =>
    count(run, { state, fault, hold: null, isConducted: false, finishedAtMs: startedAtMs + 50 });

  function take(run: ScriptedRun, row: ResultDetail): void {
    run.rows.set(row.identity, row);
    if (isAnswer(row)) for (const { onResult } of run.watchers) onResult?.(row);
  }

  function askNode(run: ScriptedRun, identity: string): void {
    const node = nodes.find((candidate) => candidate.identity === identity);
    const given = node?.answer(run.order) ?? 'silent';
    if (node === undefined) take(run, silent(identity, 'unknown_node'));
    else if (run.order.noResults === true) take(run, silent(identity, 'sent'));
    else if (given !== 'silent') take(run, detail(identity, 'on_time', given));
    else if (run.order.untilMs !== undefined && isOpen) take(run, silent(identity, 'waiting'));
    else take(run, silent(identity, 'no_answer'));
  }

  const queued = (run: ScriptedRun): readonly string[] =>
    [...run.rows.values()].filter(({ state }) => state === 'queued').map(nodeOf);

  function start(order: EngineRunOrder): Promise<Result<StartedRun>> {
    const runId = String(runs.size + 1).padStart(32, '0');
    const expected = order.target.kind === 'nodes' ? order.target.identities : (order.discovered?.identities ?? []);
    const run: ScriptedRun = {
      order,
      summary: { ...newSummary(runId, order, script), expected: expected.length, unexpected: strangers.length },
      rows: new Map(expected.map((identity) => [identity, silent(identity, 'queued')])),
      watchers: new Set(order.watch === undefined ? [] : [order.watch]),
      ended: Promise.withResolvers(),
      isOwn: isOpen && script.conducts,
    };
    runs.set(runId, run);
    const finished = Promise.resolve().then(() => {
      for (const identity of expected.slice(0, asks)) askNode(run, identity);
      for (const identity of strangers) take(run, detail(identity, 'unexpected', {}));
      if (isOpen) count(run, {});
      else end(run, 'finished');
      return run.ended.promise;
    });
    return Promise.resolve(ok({ runId, finished }));
  }

  function find(runId: string): Result<ScriptedRun> {
    const run = runs.get(runId);
    return run === undefined ? fail('run.unknown', `There is no run ${runId}`) : ok(run);
  }

  function steer(runId: string, change: (run: ScriptedRun) => void): Promise<Result<RunSummary>> {
    const run = find(runId);
    if (!run.ok) return Promise.resolve(run);
    if (run.value.summary.finishedAtMs !== null) return Promise.resolve(fail('run.ended', `Run ${runId} has ended`));
    change(run.value);
    return Promise.resolve(ok(run.value.summary));
  }

  function endEarly(run: ScriptedRun, state: 'stopped' | 'cancelled', code: ErrorCode): void {
    for (const identity of queued(run)) take(run, silent(identity, state === 'stopped' ? 'skipped' : 'cancelled'));
    end(run, state, { code, message: `The run was ${state}` });
  }

  function show(runId: string, watch: RunWatch, mayConduct: boolean): Promise<Result<StartedRun>> {
    const found = find(runId);
    if (!found.ok) return Promise.resolve(found);
    const run = found.value;
    run.watchers.add(watch);
    if (mayConduct && run.summary.finishedAtMs === null && !run.summary.isConducted) {
      run.isOwn = true;
      run.summary = { ...run.summary, isConducted: true };
    }
    watch.onChange?.(run.summary);
    for (const row of run.rows.values()) if (isAnswer(row)) watch.onResult?.(row);
    return Promise.resolve(ok({ runId, finished: run.ended.promise }));
  }

  return {
    start,
    attach: (runId, watch = {}) => show(runId, watch, true),
    follow: (runId, watch = {}) => show(runId, watch, false),
    conducts: (runId) => runs.get(runId)?.isOwn === true && runs.get(runId)?.summary.finishedAtMs === null,
    onChange: (runId, onChange): Stop => {
      const watcher = { onChange };
      runs.get(runId)?.watchers.add(watcher);
      return () => void runs.get(runId)?.watchers.delete(watcher);
    },
    list: ({ search, offset, limit }) => {
      const all = [...runs.values()].map(({ summary }) => summary).reverse();
      const isFound = ({ runId, agent, action, target }: RunSummary) =>
        runId.startsWith(search) || [agent, action, JSON.stringify(target)].some((text) => text.includes(search));
      const found = all.filter(isFound);
      const listed = found
        .slice(offset, offset + limit)
        .map((run) => ({ ...run, pin: null, notes: 0, lastNote: null }));
      return Promise.resolve(ok({ total: found.length, runs: listed }));
    },
    get: (runId) => {
      const run = find(runId);
      return Promise.resolve(run.ok ? ok(run.value.summary) : run);
    },
    results: ({ runId, offset, limit }) => {
      const run = find(runId);
      const rows = run.ok ? [...run.value.rows.values()] : [];
      return Promise.resolve(ok({ total: rows.length, rows: rows.slice(offset, offset + limit) }));
    },
    resultNodes: unused,
    pause: (runId) => steer(runId, (run) => count(run, run.summary.isConducted ? { state: 'paused' } : {})),
    resume: (runId) =>
      steer(runId, (run) => {
        run.isOwn ||= !run.summary.isConducted;
        run.summary = { ...run.summary, state: 'running', hold: null, isConducted: true };
        for (const identity of queued(run)) askNode(run, identity);
        if ((run.summary.states.waiting ?? 0) === 0) end(run, 'finished');
      }),
    stop: (runId) => steer(runId, (run) => endEarly(run, 'stopped', 'run.stopped')),
    cancel: (runId) => steer(runId, (run) => endEarly(run, 'cancelled', 'run.cancelled')),
    result: unused,
    action: () => Promise.resolve(ok(null)),
    summaries: unused,
    groups: unused,
    groupNodes: unused,
    updates: unused,
    updateNodes: unused,
  };
}
