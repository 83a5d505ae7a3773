import type { RunallSummary } from '@muster/protocol/bridge';
import { validateInputs, withDefaults } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { callerOf } from '@muster/protocol/identity';
import { boundedDetail, type AuditDetails } from '@muster/runtime/audit';
import { randomId } from '@muster/runtime/crypto';
import type { ConsoleAudit } from '../audit/index.ts';
import type { ConsoleConfiguration } from '../configuration/index.ts';
import { withSeed } from '../discovery/index.ts';
import type { Effects } from '../effects.ts';
import type { Stop } from '../engine/engine.ts';
import type { Targets } from '../engine/parts/discovery.ts';
import type { Inventory } from '../engine/parts/inventory.ts';
import type { EngineRunallOrder, Runalls } from '../engine/parts/puppet.ts';
import { ReadOnly } from '../guard/read-only.ts';
import { nobodyToTell, type Announcer } from '../notify/index.ts';
import type { ResolvedTarget } from '../presets/index.ts';
import type { ClaimedRunall, ConsoleBook, RunallStore, RunallWish } from '../storage/index.ts';
import { RunallConductor, type RunallTools } from './runall-conductor.ts';
import { RunallListeners } from './runall-listeners.ts';
import { tally } from './tally.ts';

/** Runalls, and what only the engine itself does with them. */
export interface RunallsKeeper extends Runalls {
  /** Whether any runall is conducted here. */
  readonly isConducting: boolean;
  /** Stops conducting, and resolves when everything is stored and others may go on with it. */
  close(): Promise<void>;
}

/** What is written down of a runall before it begins. */
const runallDetails = (summary: RunallSummary): AuditDetails => ({
  runallId: summary.runallId,
  caller: callerOf(summary.person),
  collective: summary.collective,
  concurrency: summary.concurrency,
  rerunMs: summary.rerunMs,
  ...boundedDetail('inputs', summary.options),
  ...boundedDetail('target', summary.target),
});

/** Inputs of `runonce` that a forced run cannot have. */
const unforced = ['force', 'splay', 'splaylimit'];

export function createRunalls(options: {
  readonly configuration: Pick<ConsoleConfiguration, 'person' | 'collectives'>;
  readonly consoleId: string;
  readonly effects: Pick<Effects, 'bus' | 'clock' | 'startTimer' | 'randomBytes' | 'logger'>;
  readonly audit: Pick<ConsoleAudit, 'note'>;
  readonly storage: RunallStore & Pick<ConsoleBook, 'beat'>;
  readonly inventory: Pick<Inventory, 'agent'>;
  readonly targets: Targets;
  /** Default: everything may be run. */
  readonly readOnly?: ReadOnly;
  /** Default: nobody is told. */
  readonly announcer?: Announcer;
  readonly tools: Pick<RunallTools, 'ask' | 'note' | 'timing'>;
}): RunallsKeeper {
  const { configuration, consoleId, effects, audit, storage, targets, readOnly = new ReadOnly(false) } = options;
  const conductors = new Map<string, { conductor: RunallConductor; ended: Promise<RunallSummary> }>();
  const listeners = new RunallListeners(
    (runallId) => storage.getRunall(runallId),
    effects.startTimer,
    (runallId) => conductors.has(runallId),
  );
  let isClosed = false;

  const find: RunallTools['find'] = async (summary, signal) => {
    const resolved = await targets.resolve(summary.target);
    if (!resolved.ok) return resolved;
    const { collective, discovery, limit } = summary;
    const choice = discovery ?? resolved.value.discovery;
    return targets.find(resolved.value, {
      agent: 'puppet',
      collective,
      ...(choice === undefined ? {} : { choice }),
      ...(limit === undefined ? {} : { limit }),
      signal,
    });
  };

  /** Checks the options against the DDL. Errors: those of `Inventory.agent`, `request.*`. */
  async function checkOptions(given: EngineRunallOrder['options']): Promise<Result<void>> {
    const odd = unforced.find((name) => Object.hasOwn(given, name));
    if (odd !== undefined)
      return fail('request.invalid_input', `Cannot set ${odd} in a runall`, { mend: 'Its runs are always forced.' });
    const ddl = await options.inventory.agent('puppet');
    if (!ddl.ok) return ddl;
    const runonce = ddl.value.actions.find(({ name }) => name === 'runonce');
    if (runonce === undefined) return fail('request.unknown_action', 'The agent puppet has no action runonce');
    const fits = validateInputs(runonce, withDefaults(runonce, { ...given, force: true }));
    return fits.ok ? ok(undefined) : fits;
  }

  function newSummary(order: EngineRunallOrder, resolved: ResolvedTarget, collective: string): RunallSummary {
    const nowMs = effects.clock();
    const { discovery, limit, concurrency, rerunMs } = order;
    return {
      runallId: randomId(effects.randomBytes),
      person: configuration.person,
      collective,
      target: resolved.target,
      ...(discovery === undefined ? {} : { discovery }),
      // A runall that draws lots keeps the seed, so that it can be repeated.
      ...(limit === undefined ? {} : { limit: withSeed(limit, effects.randomBytes) }),
      concurrency,
      options: order.options,
      rerunMs: rerunMs ?? null,
      state: 'discovering',
      isConducted: true,
      fault: null,
      iteration: 1,
      startedAtMs: nowMs,
      iterationStartedAtMs: nowMs,
      nextIterationAtMs: null,
      finishedAtMs: null,
      ...tally([]),
      revision: 1,
    };
  }

  function setGoing(claimed: ClaimedRunall, discovered: EngineRunallOrder['discovered']): Promise<RunallSummary> {
    const { runallId } = claimed.summary;
    const { announcer = nobodyToTell } = options;
    const tools: RunallTools = { ...options.tools, announcer, find, store: storage, consoleId, effects };
    const conductor = new RunallConductor(claimed, tools, {
      onChange: (summary) => listeners.publish(summary),
      ...(discovered === undefined ? {} : { discovered }),
    });
    const ended = conductor.conduct().finally(() => conductors.delete(runallId));
    conductors.set(runallId, { conductor, ended });
    return ended;
  }

  const whenClosing = () => fail('broker.closed', 'Muster is closing');

  /** Becomes the conductor where there is none. */
  async function adopt(runallId: string): Promise<Result<void>> {
    if (conductors.has(runallId)) return ok(undefined);
    // Consoles that died are forgotten first.
    const beat = await storage.beat(consoleId, effects.clock());
    if (!beat.ok) return beat;
    const claimed = await storage.claimRunall(runallId, consoleId);
    if (!claimed.ok) return claimed.error.code === 'runall.taken' ? ok(undefined) : claimed;
    if (isClosed) return whenClosing();
    if (!conductors.has(runallId)) void setGoing(claimed.value, undefined);
    return ok(undefined);
  }

  /** Says what is wanted to whoever conducts it. */
  async function want(runallId: string, wish: RunallWish): Promise<Result<RunallSummary>> {
    const allowed = wish === 'pause' ? ok(undefined) : readOnly.checkChange('A runall');
    if (!allowed.ok) return allowed;
    const known = await storage.getRunall(runallId);
    if (!known.ok) return known;
    const written = await audit.note(wish === 'go' ? 'resume' : wish, {
      runallId,
      caller: callerOf(configuration.person),
    });
    // To hold nodes back is never refused.
    if (!written.ok && wish === 'go') return written;
    const wished = await storage.wishRunall(runallId, wish);
    if (!wished.ok) return wished;
    if (wish !== 'pause') {
      const adopted = await adopt(runallId);
      if (!adopted.ok) return adopted;
    }
    conductors.get(runallId)?.conductor.look();
    return storage.getRunall(runallId);
  }

  return {
    async start(order) {
      const allowed = readOnly.checkChange('A runall');
      if (!allowed.ok) return allowed;
      const fits = await checkOptions(order.options);
      if (!fits.ok) return fits;
      const resolved = await targets.resolve(order.target);
      if (!resolved.ok) return resolved;
      const collective = order.collective ?? resolved.value.collective ?? configuration.collectives[0];
      if (!configuration.collectives.includes(collective))
        return fail('request.wrong_collective', `Unknown collective ${collective}`);
      const { state } = effects.bus;
      if (state.status === 'down') return { ok: false, error: state.reason };
      const summary = newSummary(order, resolved.value, collective);
      const written = await audit.note('runall', runallDetails(summary));
      if (!written.ok) return written;
      // The console has to be known before it can own anything.
      const beat = await storage.beat(consoleId, effects.clock());
      if (!beat.ok) return beat;
      const stored = await storage.insertRunall(summary, consoleId);
      if (!stored.ok) return stored;
      if (isClosed) return whenClosing();
      return ok({
        runallId: summary.runallId,
        ended: setGoing({ summary, wish: 'go', nodes: [] }, order.discovered),
      });
    },
    list: (params) => storage.listRunalls(params),
    get: (runallId) => storage.getRunall(runallId),
    nodes: (params) => storage.listRunallNodes(params),
    pause: (runallId) => want(runallId, 'pause'),
    resume: (runallId) => want(runallId, 'go'),
    cancel: (runallId) => want(runallId, 'cancel'),
    onChange: (runallId, listener): Stop => listeners.add(runallId, listener),
    get isConducting() {
      return conductors.size > 0;
    },
    async close() {
      isClosed = true;
      listeners.close();
      for (const { conductor } of conductors.values()) conductor.stop();
      await Promise.all([...conductors.values()].map(({ ended }) => ended));
    },
  };
}
