import { ok } from '@muster/protocol/errors';
import { auditFolder, createConsoleAudit, RecordReader, verifyChains, type ConsoleAudit } from '../audit/index.ts';
import { createComparisons } from '../comparisons/index.ts';
import { changeHistory, readHomeTrust, readLocalSettings, type ConsoleConfiguration } from '../configuration/index.ts';
import { waitUntilUp } from '../connection/index.ts';
import type { Effects } from '../effects.ts';
import { exportEvidence } from '../evidence/index.ts';
import { ReadOnly } from '../guard/read-only.ts';
import { createHistory, deleteRemoved } from '../history/index.ts';
import { createHealth } from '../health/index.ts';
import { createInventory } from '../inventory/index.ts';
import { createJoins } from '../joins/index.ts';
import { createNotices } from '../notices/index.ts';
import { createNotify } from '../notify/index.ts';
import { createNodes } from '../nodes/index.ts';
import { createAsk, createConverse, RejectLog } from '../requests/index.ts';
import { createSelections } from '../presets/index.ts';
import { createRecipes } from '../recipes/index.ts';
import {
  auditPuppet,
  createAskPuppet,
  createOverview,
  createRunalls,
  usualTiming,
  type RunallTiming,
} from '../puppet/index.ts';
import type { KeptCertificate } from '@muster/runtime/enrolment';
import type { ProxySettings } from '@muster/runtime/proxy';
import { ownCertificate } from './own-certificate.ts';
import { createRetention, keepHistory } from '../retention/index.ts';
import { checkPolicies, signPolicies } from '../policies/index.ts';
import { createReports } from '../reports/index.ts';
import { createRecipients } from '../sealing/index.ts';
import { createRuns, type RunsKeeper } from '../runs/index.ts';
import { createSchedules } from '../schedules/index.ts';
import type { Storage } from '../storage/index.ts';
import { consoleVersion } from '../version.ts';
import type { Engine } from './engine.ts';
import type { Evidence } from './parts/reports.ts';

/** How often an engine says that it is alive, and looks for what other processes did, in milliseconds. */
const beatMs = 5000;

/** How often an engine that stays moves old runs into the archive, in milliseconds. */
const retentionMs = 86_400_000;

/** Puts an engine together; it owns bus and storage from then on. */
export function createEngine(options: {
  readonly configuration: ConsoleConfiguration;
  readonly consoleId: string;
  readonly effects: Effects;
  readonly storage: Storage;
  readonly followFleet: boolean;
  readonly adoptRuns: boolean;
  readonly serveSchedules: boolean;
  readonly serveNotifications: boolean;
  /** The proxy that receivers of notifications are reached through; directly when absent. */
  readonly proxy?: ProxySettings;
  /** Default: as configured. */
  readonly readOnly?: ReadOnly;
  /** Default: {@link usualTiming}. */
  readonly runallTiming?: RunallTiming;
  /** Default: that of the home. */
  readonly audit?: ConsoleAudit;
  /** What keeps the certificate of the signer; without, it cannot be renewed. */
  readonly certificate?: KeptCertificate;
  /** Called last when the engine closes. */
  readonly onClosed?: () => Promise<void>;
}): Engine {
  const { consoleId, effects, storage } = options;
  const { bus, logger, startTimer } = effects;
  const readOnly = options.readOnly ?? new ReadOnly(options.configuration.guard.isReadOnly);
  const folder = auditFolder(options.configuration.home);
  const audit = options.audit ?? createConsoleAudit({ folder, signer: effects.signer, clock: effects.clock, logger });
  const retention = createRetention({
    person: options.configuration.person,
    settings: options.configuration.history,
    ...{ storage, audit, readOnly, logger, clock: effects.clock },
    async read() {
      const local = await readLocalSettings(options.configuration.home);
      return local.ok ? ok(local.value.history) : local;
    },
    write: (params) => changeHistory(options.configuration.home, params),
    retire: () => retireSoon(),
  });
  /** As it was read, but for what can be changed while the console is open. */
  const configuration: ConsoleConfiguration = {
    ...options.configuration,
    get history() {
      return retention.settings;
    },
  };
  const rejects = new RejectLog(effects.clock, logger, ({ code, message }, about) =>
    audit.noteSome('rejected', { ...about, code, reason: message }),
  );
  const converse = createConverse(configuration.person, effects, rejects);
  const inventory = createInventory({
    configuration,
    consoleId,
    effects,
    converse,
    rejects,
    storage,
    onRegistered: (identity) => runs.seen(identity),
  });
  const { discovery } = inventory;
  const { clock, randomBytes } = effects;
  const selections = createSelections({ storage, discovery, clock, randomBytes });
  const recipes = createRecipes({ storage, clock, tell: () => selections.lookForChanges() });
  const { targets } = selections;
  const ask = auditPuppet(createAskPuppet(converse, effects), { audit, randomBytes, person: configuration.person });
  const overview = createOverview({ ask, targets, store: storage, collective: configuration.collectives[0], effects });
  const notices = createNotices({ storage, clock });
  const notify = createNotify({ configuration, consoleId, effects, audit, storage, proxy: options.proxy });
  const { announcer } = notify;
  const runs: RunsKeeper = createRuns({
    configuration,
    consoleId,
    effects,
    audit,
    storage,
    inventory,
    readOnly,
    announcer,
    tools: { converse, targets, recipients: createRecipients({ converse, effects, store: storage }) },
    hear: (run, result) => overview.hear(run, result),
  });
  const runalls = createRunalls({
    configuration,
    consoleId,
    effects,
    audit,
    storage,
    inventory,
    targets,
    readOnly,
    announcer,
    tools: { ask, note: overview.note, timing: options.runallTiming ?? usualTiming },
  });
  const schedules = createSchedules({
    configuration,
    consoleId,
    effects,
    audit,
    storage,
    runs,
  });
  const evidence: Evidence = {
    async export(order) {
      const written = await exportEvidence(order, { storage, signer: effects.signer, clock });
      const { runId: requestId, file } = order;
      if (written.ok) await audit.note('export', { what: 'evidence', requestId, file, ...written.value });
      return written;
    },
  };
  const { person, dataFolder } = configuration;
  const comparisons = createComparisons(storage);
  const reports = createReports({
    storage,
    comparisons,
    person,
    dataFolder,
    clock,
    randomBytes,
    startTimer,
    audit,
    evidence,
  });
  const askNodes = createAsk({ converse, effects, inventory, configuration, audit });
  const records = new RecordReader(folder);
  const health = createHealth({ home: configuration.home, storage, groups: selections.groups, bus, clock });
  let stopBeat: () => void = () => undefined;
  let stopRetention: () => void = () => undefined;
  let retiring: Promise<void> = Promise.resolve();
  const leaving = new AbortController();
  let isResting = false;
  let closing: Promise<void> | null = null;

  async function beat(): Promise<void> {
    const closed = await storage.beat(consoleId, effects.clock());
    if (!closed.ok) logger.warn({ code: closed.error.code }, closed.error.message);
    else if (closed.value > 0) logger.warn({ runs: closed.value }, 'closed runs that an earlier version left behind');
    if (options.adoptRuns && !isResting && !hasClosed()) await runs.adopt();
    await inventory.lookForChanges();
    await selections.lookForChanges();
    await overview.lookForChanges();
    await notices.lookForChanges();
    await notify.lookForChanges();
    await schedules.lookForChanges();
    if (closing === null) stopBeat = startTimer(beatMs, () => void beat());
  }

  async function retire(): Promise<void> {
    if (hasClosed()) return;
    await retention.refresh();
    const moved = await keepHistory(
      configuration.history,
      clock(),
      (folder, beforeMs, nowMs) => storage.archiveOldestRun(folder, beforeMs, nowMs),
      leaving.signal,
    );
    if (!moved.ok && !hasClosed())
      logger.warn({ code: moved.error.code }, `old runs stay where they are: ${moved.error.message}`);
    if (moved.ok && moved.value > 0)
      await audit.note('archive', { runs: moved.value, folder: configuration.history.archive });
    const deleteOne = (beforeMs: number, nowMs: number) => storage.deleteRemovedRun(beforeMs, nowMs);
    const deleted = await deleteRemoved(clock(), deleteOne, leaving.signal);
    if (!deleted.ok && !hasClosed())
      logger.warn({ code: deleted.error.code }, `runs that were removed are not deleted yet: ${deleted.error.message}`);
    if (deleted.ok && deleted.value > 0) await audit.note('delete', { runs: deleted.value });
    stopRetention();
    if (!hasClosed()) stopRetention = startTimer(retentionMs, () => retireSoon());
  }

  /** One round at a time. */
  function retireSoon(): void {
    if (options.followFleet) retiring = retiring.then(retire);
  }

  async function keepUp(): Promise<void> {
    if (bus.state.status !== 'up' || hasClosed()) return;
    const done = await inventory.follow();
    if (!done.ok && !hasClosed())
      logger.warn({ code: done.error.code }, `the fleet cannot be followed: ${done.error.message}`);
  }
  const hasClosed = () => closing !== null;

  async function close(): Promise<void> {
    options.certificate?.stop();
    stopBeat();
    stopRetention();
    leaving.abort();
    stopFollowing();
    notices.close();
    await schedules.close();
    await reports.close();
    health.close();
    await Promise.all([runs.close(), runalls.close(), overview.close(), inventory.close()]);
    await notify.close();
    await bus.close();
    await audit.close();
    await storage.forgetConsole(consoleId);
    await storage.close();
    await options.onClosed?.();
  }

  const stopFollowing = options.followFleet ? bus.onState(() => void keepUp()) : () => undefined;
  if (options.followFleet) void keepUp();
  retireSoon();
  void beat();
  if (options.serveSchedules) schedules.serve();
  if (options.serveNotifications) notify.serve();

  return {
    configuration,
    version: consoleVersion,
    connection: {
      get state() {
        return bus.state;
      },
      onState: (listener) => bus.onState(listener),
      waitUntilUp: (timeoutMs) => waitUntilUp(bus, startTimer, timeoutMs),
    },
    discovery,
    runs,
    history: createHistory({ configuration, storage, audit, clock }),
    retention,
    comparisons,
    ask: askNodes,
    inventory,
    nodes: createNodes(storage, askNodes),
    presets: selections.presets,
    recipes,
    groups: selections.groups,
    targets,
    puppet: overview,
    runalls,
    schedules,
    policies: {
      async check(question) {
        const node = await storage.getNode(question.identity);
        if (!node.ok) return node;
        const ddl = await storage.agentDdl(question.agent);
        return ddl.ok ? checkPolicies(question, node.value, ddl.value?.ddl ?? null) : ddl;
      },
      sign: (sources) => signPolicies(sources, configuration.person, effects),
    },
    evidence,
    reports,
    audit: {
      note: (kind, details) => audit.note(kind, details),
      noteSome: (kind, details) => audit.noteSome(kind, details),
      records: (query) => records.read(query),
      async verify() {
        const trust = await readHomeTrust(configuration.home);
        return trust.ok ? verifyChains(folder, trust.value) : trust;
      },
    },
    certificate: ownCertificate(effects.signer, options.certificate),
    health,
    joins: createJoins(configuration.person, effects, { readOnly, audit }),
    notices,
    notify,
    preferences: {
      get: (key) => storage.getPreference(key),
      set: (key, value) => storage.setPreference(key, value),
    },
    readOnly,
    get isConducting() {
      return runs.isConducting || runalls.isConducting;
    },
    rest(wanted) {
      isResting = wanted;
      schedules.rest(wanted);
    },
    close: () => (closing ??= close()),
  };
}
