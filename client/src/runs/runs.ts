import type { ResultDetail, RunAction, RunSummary } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { allNodes } from '@muster/protocol/filter';
import { callerOf } from '@muster/protocol/identity';
import type { AuditDetails } from '@muster/runtime/audit';
import { randomId } from '@muster/runtime/crypto';
import { boundedDetail } from '@muster/runtime/audit';
import type { ConsoleAudit } from '../audit/index.ts';
import type { ConsoleConfiguration } from '../configuration/index.ts';
import { withSeed } from '../discovery/index.ts';
import type { Effects } from '../effects.ts';
import type { Stop } from '../engine/engine.ts';
import type { Targets } from '../engine/parts/discovery.ts';
import type { Inventory, MeantNodes } from '../engine/parts/inventory.ts';
import type { EngineRunOrder, Runs, RunWatch, StartedRun } from '../engine/parts/runs.ts';
import { ReadOnly } from '../guard/read-only.ts';
import { nobodyToTell, type Announcer } from '../notify/index.ts';
import type { ResolvedTarget } from '../presets/index.ts';
import type {
  ClaimedRun,
  ConsoleBook,
  RunHistory,
  RunKeeper,
  RunReader,
  RunWish,
  RunWriter,
} from '../storage/index.ts';
import { Conductor, type ConductedRun, type ConductorTools } from './conductor.ts';
import { keepOrder, restoreOrder } from './keep-order.ts';
import { pause } from './pause.ts';
import { hasSecrets, prepareOrder, type PreparedOrder } from './prepare-order.ts';
import { RunFollowers } from './run-followers.ts';

/** Runs, and what only the engine itself does with them. */
export interface RunsKeeper extends Runs {
  /** Whether any run is conducted here. */
  readonly isConducting: boolean;
  /** Whether an order could be given now. Errors: those of {@link Runs.start} that come before anything is stored. */
  check(order: EngineRunOrder): Promise<Result<{ readonly hasSecrets: boolean }>>;
  /** Goes on with all runs that nobody conducts; a console that only reads does not. */
  adopt(): Promise<void>;
  /** A node has registered. */
  seen(identity: string): void;
  /** Stops conducting, and resolves when everything is stored and others may go on with it. */
  close(): Promise<void>;
}

/** How often a run is looked at whose conductor may have gone, in milliseconds. */
const lookMs = 1000;

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
  holdUntilMs: null,
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

/** What is written down of a run before it begins; sensitive inputs are masked there already. */
const requestDetails = ({ runId, person, collective, agent, action, inputs, target }: RunSummary): AuditDetails => ({
  requestId: runId,
  caller: callerOf(person),
  collective,
  agent,
  action,
  ...boundedDetail('inputs', inputs),
  ...boundedDetail('target', target),
});

const describedBy = ({ agentVersion, action }: PreparedOrder): RunAction => ({ agentVersion, action });

/** Nodes that were discovered already are known better than by the target. */
const meantBy = ({ discovered }: EngineRunOrder, resolved: ResolvedTarget): MeantNodes =>
  discovered === undefined ? resolved : { identities: discovered.identities, filter: null, within: allNodes };

/** How the nodes are found, as far as it is not as configured. Those that were discovered already were found as the order says. */
const chooseDiscovery = (order: EngineRunOrder, resolved: ResolvedTarget, targets: Targets) =>
  order.discovered === undefined
    ? targets.choose(resolved, { choice: order.discovery, awaitsAway: order.untilMs !== undefined })
    : order.discovery;

/** A run that has just been stored. */
const fresh = (summary: RunSummary, order: PreparedOrder, extras: EngineRunOrder): ConductedRun => ({
  summary,
  order,
  delivery: extras.delivery ?? 'automatic',
  hasInputs: true,
  discovered: extras.discovered,
  wanted: { wish: 'go', isReleased: false },
  progress: null,
  answersUntilMs: null,
  nodes: [],
  strangers: [],
});

export function createRuns(options: {
  readonly configuration: Pick<ConsoleConfiguration, 'person' | 'collectives' | 'discoveryTimeoutMs' | 'history'>;
  readonly consoleId: string;
  readonly effects: Effects;
  readonly audit: Pick<ConsoleAudit, 'note'>;
  readonly storage: RunWriter & RunReader & Pick<RunHistory, 'listRuns'> & RunKeeper & Pick<ConsoleBook, 'beat'>;
  readonly inventory: Pick<Inventory, 'agentsFor'>;
  /** Default: everything may be run. */
  readonly readOnly?: ReadOnly;
  readonly tools: Pick<ConductorTools, 'converse' | 'recipients' | 'targets'>;
  /** Default: nobody is told. */
  readonly announcer?: Announcer;
  /** Told of each answer of every run. */
  readonly hear?: (run: Pick<RunSummary, 'agent' | 'action' | 'collective'>, result: ResultDetail) => void;
}): RunsKeeper {
  const { configuration, consoleId, effects, storage, readOnly = new ReadOnly(false) } = options;
  const conducted = new Map<string, { conductor: Conductor; ended: Promise<RunSummary>; done: Promise<void> }>();
  /** Those of them that have not ended: the others only wait for answers that come late. */
  const onItsWay = new Set<string>();
  const followers = new RunFollowers(
    (runId, since) => storage.newsOfRun(runId, since),
    effects.startTimer,
    (runId) => conducted.has(runId),
  );
  const closing = new AbortController();
  const whenClosing = () => fail('broker.closed', 'Muster is closing');

  function setGoing(run: ConductedRun): Promise<RunSummary> {
    const { summary } = run;
    const { runId } = summary;
    const keepsEvidence = configuration.history.evidence;
    const { announcer = nobodyToTell } = options;
    const tools: ConductorTools = { ...options.tools, announcer, keepsEvidence, store: storage, consoleId, effects };
    const conductor = new Conductor(run, tools, {
      onChange: (changed) => followers.tellChange(changed),
      onResult(result) {
        followers.tellResult(runId, result);
        options.hear?.(summary, result);
      },
    });
    onItsWay.add(runId);
    const ended = conductor.conduct().finally(() => onItsWay.delete(runId));
    const done = ended.then(() => conductor.linger()).finally(() => conducted.delete(runId));
    conducted.set(runId, { conductor, ended, done });
    return ended;
  }

  async function goOn(claimed: ClaimedRun): Promise<Result<void>> {
    const restored = restoreOrder(claimed, effects.vault);
    if (!restored.ok) return restored;
    const allowed = readOnly.check(restored.value.order.action);
    if (!allowed.ok) return allowed;
    const { runId: requestId, person, agent, action } = claimed.summary;
    const written = await options.audit.note('takeover', { requestId, caller: callerOf(person), agent, action });
    // What only holds nodes back, or only reads, is gone on with all the same.
    const changes = claimed.wanted.wish === 'go' && restored.value.order.action.effect !== 'read';
    if (!written.ok && changes) return written;
    if (closing.signal.aborted) return whenClosing();
    if (!conducted.has(requestId))
      void setGoing({ ...claimed, ...restored.value, delivery: claimed.order.delivery, discovered: undefined });
    return ok(undefined);
  }

  /** Becomes the conductor where there is none. Errors: those of `claimRun` but `run.taken`; of `restoreOrder`. */
  async function claim(runId: string): Promise<Result<void>> {
    if (conducted.has(runId)) return ok(undefined);
    const claimed = await storage.claimRun(runId, consoleId, effects.clock());
    if (!claimed.ok) return claimed.error.code === 'run.taken' ? ok(undefined) : claimed;
    if (closing.signal.aborted) return whenClosing();
    const going = conducted.has(runId) ? ok(undefined) : await goOn(claimed.value);
    if (!going.ok) await storage.releaseRun(runId, consoleId);
    return going;
  }

  /** Also with runs of consoles that died just now. */
  async function claimAnyway(runId: string): Promise<Result<void>> {
    const beat = await storage.beat(consoleId, effects.clock());
    return beat.ok ? claim(runId) : beat;
  }

  /** Whether a run may be steered: one that changes nodes may only be paused while this console only reads. */
  async function checkWish(runId: string, wish: RunWish): Promise<Result<void>> {
    if (!readOnly.isOn || wish === 'pause') return ok(undefined);
    const described = await storage.getRunAction(runId);
    if (!described.ok) return described;
    return described.value === null ? readOnly.checkChange('The run') : readOnly.check(described.value.action);
  }

  /** Writes down what is wanted of a run. Errors: `run.unknown`; those of the audit where nodes would be asked to change something. */
  async function noteWish(runId: string, wish: RunWish): Promise<Result<void>> {
    const described = await storage.getRunAction(runId);
    if (!described.ok) return described;
    const written = await options.audit.note(wish === 'go' ? 'resume' : wish, {
      requestId: runId,
      caller: callerOf(configuration.person),
    });
    // To hold nodes back is never refused.
    const isHarmless = wish !== 'go' || described.value?.action.effect === 'read';
    return written.ok || isHarmless ? ok(undefined) : written;
  }

  /** Says what is wanted to whoever conducts it. */
  async function want(runId: string, wish: RunWish): Promise<Result<RunSummary>> {
    const allowed = await checkWish(runId, wish);
    if (!allowed.ok) return allowed;
    const noted = await noteWish(runId, wish);
    if (!noted.ok) return noted;
    const wished = await storage.wishRun(runId, wish);
    if (!wished.ok) return wished;
    const claimed = wish === 'pause' ? ok(undefined) : await claimAnyway(runId);
    if (!claimed.ok && claimed.error.code !== 'run.ended') return claimed;
    await conducted.get(runId)?.conductor.look();
    return storage.getRun(runId);
  }

  /** Resolves when a run is final, whoever conducts it, or the engine closes. With `mayConduct`, goes on with it itself when nobody does. */
  async function untilFinal(runId: string, known: RunSummary, mayConduct: boolean): Promise<RunSummary> {
    let last = known;
    while (last.finishedAtMs === null && !closing.signal.aborted) {
      const ours = conducted.get(runId);
      if (ours !== undefined) {
        last = await ours.ended;
        // One that was let go, or taken, is gone from here a little later.
        if (last.finishedAtMs === null) await ours.done;
        continue;
      }
      const read = await storage.getRun(runId);
      if (read.ok) last = read.value;
      if (last.finishedAtMs !== null) break;
      if (!last.isConducted && mayConduct) await claimAnyway(runId);
      if (!conducted.has(runId)) await pause(effects.startTimer, lookMs, closing.signal);
    }
    return last;
  }

  /** Tells a watcher of everything up to the end. */
  async function watched(runId: string, known: RunSummary, stop: Stop, mayConduct = true): Promise<RunSummary> {
    try {
      return await untilFinal(runId, known, mayConduct);
    } finally {
      // Followers of other processes' runs look now and then: what they have not seen yet is told at the end.
      if (!closing.signal.aborted) await followers.catchUp(runId);
      stop();
    }
  }

  /** Tells a watcher of all that has been, and of what comes. */
  async function show(runId: string, watch: RunWatch, mayConduct: boolean): Promise<Result<StartedRun>> {
    const told = { news: false };
    const onChange = (summary: RunSummary) => {
      told.news = true;
      watch.onChange?.(summary);
    };
    // Whoever watches from before the run goes on misses nothing.
    const stop = followers.add(runId, { ...watch, onChange });
    const claimed = mayConduct ? await claimAnyway(runId) : ok(undefined);
    const news = await storage.newsOfRun(runId, 0);
    const trouble = !news.ok ? news : !claimed.ok && claimed.error.code !== 'run.ended' ? claimed : null;
    if (!news.ok || trouble !== null) {
      stop();
      return trouble ?? whenClosing();
    }
    const { summary, answers } = news.value;
    if (!told.news) onChange(summary);
    for (const answer of answers) followers.tellResult(runId, answer);
    const ours = conducted.get(runId);
    if (summary.finishedAtMs === null || ours === undefined)
      return ok({ runId, finished: watched(runId, summary, stop, mayConduct) });
    return ok({ runId, finished: ours.conductor.caughtUp().finally(stop) });
  }

  /** The order as it would be sent; nothing has been stored or asked for it. */
  async function prepare(order: EngineRunOrder): Promise<Result<PreparedOrder>> {
    // A run that draws lots keeps the seed, so that it can be repeated.
    const limit = order.limit === undefined ? {} : { limit: withSeed(order.limit, effects.randomBytes) };
    const resolved =
      order.resolved === undefined ? await options.tools.targets.resolve(order.target) : ok(order.resolved);
    if (!resolved.ok) return resolved;
    const discovery = chooseDiscovery(order, resolved.value, options.tools.targets);
    const prepared = await prepareOrder(
      { ...order, ...limit, ...(discovery === undefined ? {} : { discovery }) },
      resolved.value,
      (agent) => options.inventory.agentsFor(agent, meantBy(order, resolved.value)),
      { ...configuration, nowMs: effects.clock() },
    );
    if (!prepared.ok) return prepared;
    const allowed = readOnly.check(prepared.value.action);
    return allowed.ok ? prepared : allowed;
  }

  return {
    async check(order) {
      const prepared = await prepare(order);
      return prepared.ok ? ok({ hasSecrets: hasSecrets(prepared.value) }) : prepared;
    },
    async start(order: EngineRunOrder): Promise<Result<StartedRun>> {
      const prepared = await prepare(order);
      if (!prepared.ok) return prepared;
      const { state } = effects.bus;
      if (state.status === 'down') return { ok: false, error: state.reason };
      if (state.status !== 'up') return fail('broker.closed', 'There is no connection to the broker yet');
      const runId = randomId(effects.randomBytes);
      const summary = newSummary(runId, configuration.person, prepared.value, effects.clock());
      const written = await options.audit.note('request', requestDetails(summary));
      // What only reads is asked all the same, as on nodes.
      if (!written.ok && prepared.value.action.effect !== 'read') return written;
      const kept = keepOrder(prepared.value, order.delivery ?? 'automatic', runId, effects.vault);
      const stored = await storage.insertRun(summary, consoleId, describedBy(prepared.value), kept);
      if (!stored.ok) return stored;
      if (closing.signal.aborted) return whenClosing();
      const stop = followers.add(runId, order.watch ?? {});
      void setGoing(fresh(summary, prepared.value, order));
      return ok({ runId, finished: watched(runId, summary, stop) });
    },
    attach: (runId, watch = {}) => show(runId, watch, true),
    follow: (runId, watch = {}) => show(runId, watch, false),
    conducts: (runId) => conducted.has(runId),
    onChange: (runId, listener): Stop => followers.add(runId, { onChange: listener }),
    list: (params) => storage.listRuns(params),
    get: (runId) => storage.getRun(runId),
    pause: (runId) => want(runId, 'pause'),
    resume: (runId) => want(runId, 'go'),
    stop: (runId) => want(runId, 'stop'),
    cancel: (runId) => want(runId, 'cancel'),
    results: (params) => storage.listResults(params),
    resultNodes: (params) => storage.listResultNodes(params),
    result: (runId, identity) => storage.getResult(runId, identity),
    action: (runId) => storage.getRunAction(runId),
    summaries: (runId) => storage.summariseRun(runId),
    groups: (params) => storage.groupAnswers(params),
    groupNodes: (params) => storage.groupNodes(params),
    updates: (params) => storage.packageUpdates(params),
    updateNodes: (params) => storage.updateNodes(params),
    get isConducting() {
      return onItsWay.size > 0;
    },
    async adopt() {
      if (readOnly.isOn) return;
      const abandoned = await storage.abandonedRuns(effects.clock());
      if (!abandoned.ok) return;
      for (const runId of abandoned.value) {
        if (closing.signal.aborted) return;
        const claimed = await claim(runId);
        if (!claimed.ok) effects.logger.warn({ runId, code: claimed.error.code }, claimed.error.message);
      }
    },
    seen(identity) {
      for (const { conductor } of conducted.values()) conductor.seen(identity);
    },
    async close() {
      closing.abort();
      for (const { conductor } of conducted.values()) conductor.stop();
      await Promise.all([...conducted.values()].map(({ done }) => done));
      followers.close();
    },
  };
}
