import type { ResultDetail, RunAction, RunSummary } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { allNodes } from '@muster/protocol/filter';
import { randomId } from '@muster/runtime/crypto';
import type { ConsoleConfiguration } from '../configuration/index.ts';
import { withSeed } from '../discovery/index.ts';
import type { Effects } from '../effects.ts';
import type { EngineRunOrder, Inventory, MeantNodes, Runs, StartedRun, Stop } from '../engine/engine.ts';
import type { ResolvedTarget } from '../presets/index.ts';
import type { ConsoleBook, RunReader, RunWriter } from '../storage/index.ts';
import { Conductor, type ConductorTools } from './conductor.ts';
import { prepareOrder, type PreparedOrder } from './prepare-order.ts';

/** Runs, and what only the engine itself does with them. */
export interface RunsKeeper extends Runs {
  /** Ends the runs that are under way, and resolves when all of them are stored. */
  close(): Promise<void>;
}

const newSummary = (runId: string, person: string, order: PreparedOrder, nowMs: number): RunSummary => ({
  runId,
  person,
  collective: order.collective,
  agent: order.agent,
  action: order.action.name,
  inputs: order.shownInputs,
  target: order.resolved.target,
  state: 'discovering',
  hold: null,
  isConducted: true,
  fault: null,
  startedAtMs: nowMs,
  sentAtMs: null,
  finishedAtMs: null,
  discoveryMs: null,
  timeoutMs: order.timeoutMs,
  deliveryMs: order.deliveryMs,
  executionMs: order.executionMs,
  ttlMs: order.ttlMs,
  ...order.selection,
  expected: 0,
  responses: 0,
  states: {},
  unexpected: 0,
});

const describedBy = ({ agentVersion, action }: PreparedOrder): RunAction => ({ agentVersion, action });

/** Nodes that were discovered already are known better than by the target. */
const meantBy = ({ discovered }: EngineRunOrder, resolved: ResolvedTarget): MeantNodes =>
  discovered === undefined ? resolved : { identities: discovered.identities, filter: null, within: allNodes };

export function createRuns(options: {
  readonly configuration: Pick<ConsoleConfiguration, 'person' | 'collectives' | 'discoveryTimeoutMs'>;
  readonly consoleId: string;
  readonly effects: Effects;
  readonly storage: RunWriter & RunReader & Pick<ConsoleBook, 'beat'>;
  readonly inventory: Pick<Inventory, 'agentsFor'>;
  readonly tools: Pick<ConductorTools, 'converse' | 'targets'>;
  /** Told of each answer of every run. */
  readonly hear?: (run: Pick<RunSummary, 'agent' | 'action' | 'collective'>, result: ResultDetail) => void;
}): RunsKeeper {
  const { configuration, effects, storage } = options;
  const listeners = new Map<string, Set<(summary: RunSummary) => void>>();
  const underWay = new Map<Conductor, Promise<void>>();
  let isClosed = false;

  const publish = (summary: RunSummary) => listeners.get(summary.runId)?.forEach((listener) => listener(summary));

  function setGoing(summary: RunSummary, prepared: PreparedOrder, order: EngineRunOrder): StartedRun {
    const onResult = (result: ResultDetail) => {
      order.watch?.onResult?.(result);
      options.hear?.(summary, result);
    };
    const onChange = (changed: RunSummary) => {
      order.watch?.onChange?.(changed);
      publish(changed);
    };
    const tools = { ...options.tools, store: storage, effects };
    const conductor = new Conductor(summary, prepared, order, tools, { onChange, onResult });
    const finished = conductor.conduct();
    const done = finished.then(() => conductor.linger()).finally(() => underWay.delete(conductor));
    underWay.set(conductor, done);
    return { runId: summary.runId, finished };
  }

  return {
    async start(order: EngineRunOrder): Promise<Result<StartedRun>> {
      // A run that draws lots keeps the seed, so that it can be repeated.
      const limit = order.limit === undefined ? {} : { limit: withSeed(order.limit, effects.randomBytes) };
      const resolved =
        order.resolved === undefined ? await options.tools.targets.resolve(order.target) : ok(order.resolved);
      if (!resolved.ok) return resolved;
      const prepared = await prepareOrder(
        { ...order, ...limit },
        resolved.value,
        (agent) => options.inventory.agentsFor(agent, meantBy(order, resolved.value)),
        configuration,
      );
      if (!prepared.ok) return prepared;
      const { state } = effects.bus;
      if (state.status === 'down') return { ok: false, error: state.reason };
      if (state.status !== 'up') return fail('broker.closed', 'There is no connection to the broker yet');
      const summary = newSummary(randomId(effects.randomBytes), configuration.person, prepared.value, effects.clock());
      const stored = await storage.insertRun(summary, options.consoleId, describedBy(prepared.value));
      if (!stored.ok) return stored;
      return isClosed ? fail('broker.closed', 'Muster is closing') : ok(setGoing(summary, prepared.value, order));
    },
    onChange(runId, listener): Stop {
      const known = listeners.get(runId) ?? new Set();
      listeners.set(runId, known.add(listener));
      return () => {
        known.delete(listener);
        if (known.size === 0 && listeners.get(runId) === known) listeners.delete(runId);
      };
    },
    list: (params) => storage.listRuns(params),
    get: (runId) => storage.getRun(runId),
    pause: (runId) => storage.getRun(runId),
    resume: (runId) => storage.getRun(runId),
    stop: (runId) => storage.getRun(runId),
    cancel: (runId) => storage.getRun(runId),
    results: (params) => storage.listResults(params),
    result: (runId, identity) => storage.getResult(runId, identity),
    action: (runId) => storage.getRunAction(runId),
    summaries: (runId) => storage.summariseRun(runId),
    groups: (params) => storage.groupAnswers(params),
    groupNodes: (params) => storage.groupNodes(params),
    async close() {
      isClosed = true;
      for (const conductor of underWay.keys()) conductor.stop();
      await Promise.all(underWay.values());
    },
  };
}
