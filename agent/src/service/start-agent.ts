import { join } from 'node:path';
import { ok, type Result } from '@muster/protocol/errors';
import { nameTest } from '@muster/runtime/config';
import { connectBus, type Bus, type BusState, type Delivery, type Subscribed } from '@muster/runtime/bus';
import { compressor, createOwnSigner, randomBytes as systemRandomBytes } from '@muster/runtime/crypto';
import type { Clock, RandomBytes } from '@muster/runtime/effects';
import { freshKeyHolding, keepRenewed } from '@muster/runtime/enrolment';
import { createLogger, type Logger } from '@muster/runtime/logging';
import { loadConfiguration, type Configuration } from '../configuration/index.ts';
import { thisSystem, type System } from '../facts/index.ts';
import type { Counters, NodeView } from '../node/index.ts';
import { watchFolders } from '../catalogue/index.ts';
import { createHostPool, type HostPool } from '../isolation/index.ts';
import { createGate } from '../limits/gate.ts';
import type { AgentPlugin } from '../plugins/index.ts';
import { createPolicyAuthorizer, createPolicyStore, openPolicyBundles, tellPolicies } from '../policies/index.ts';
import {
  createAudit,
  createCanceller,
  createFaultLog,
  createReplySender,
  createRequestHandler,
  StoppedError,
  type Authorizer,
  type LiveRequest,
} from '../requests/index.ts';
import { policiesAgent } from '../agents/policies/agent.ts';
import { buildNode } from './build-node.ts';
import { openState, type OpenState } from './open-state.ts';
import { nodeBindings, subscribeNode } from './node-queue.ts';
import { createRegistrar } from './registration.ts';

export interface AgentOptions {
  /** Path of `agent.yaml`. */
  readonly configFile: string;
  /** A connection of the caller's, which the agent closes when it stops; by default one to the configured broker. */
  readonly bus?: Bus;
  /** By default JSON lines on standard output, at the configured level. */
  readonly logger?: Logger;
  /** By default the policies of the node. */
  readonly authorizer?: Authorizer;
  /** Processes for the actions of agents, shared with other agents of the caller's and left open; by default the agent's own. */
  readonly hosts?: HostPool;
  /** Agents that this node has beside the shipped ones, in its own process. */
  readonly agents?: readonly AgentPlugin[];
  /** How agents of plugin folders are asked whether they want to be active; by default for 5 s, and again after 30 s. */
  readonly activation?: ActivationPatience;
  readonly clock?: Clock;
  readonly randomBytes?: RandomBytes;
  readonly system?: System;
}

/** How long an agent may think about its activation, and after how long one that did not say is asked again, in milliseconds. */
export interface ActivationPatience {
  readonly limitMs: number;
  readonly askAgainMs: number;
}

const defaultActivation: ActivationPatience = { limitMs: 5_000, askAgainMs: 30_000 };

/** An agent at work. */
export interface RunningAgent {
  readonly identity: string;
  readonly counters: Readonly<Counters>;
  /**
   * Resolves when the node has subscribed for the first time, however long the broker is away.
   *
   * Errors: `identity.duplicate` when another agent holds the identity, `broker.closed` when stopped before.
   */
  readonly ready: Promise<Result<null>>;
  /** Reads facts, classes and plugins anew and tells of changes. */
  reload(): Promise<void>;
  /** Takes no more requests, lets running actions finish within `limits.stop_grace`, says goodbye, and closes the bus. */
  stop(): Promise<void>;
}

function logState(logger: Logger, state: BusState): void {
  if (state.status === 'up') logger.info({ event: 'broker.up', url: state.url }, 'connected to the broker');
  else if (state.status === 'down') {
    logger.warn(
      { event: 'broker.down', code: state.reason.code, retryAtMs: state.retryAtMs },
      `no connection to the broker: ${state.reason.message}`,
    );
  }
}

/** Waits until nothing is left of a changing set, at most so long. True when it emptied in time. */
async function settled(tasks: ReadonlySet<Promise<void>>, limitMs: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, limitMs);
  });
  const empty = async (): Promise<boolean> => {
    while (tasks.size > 0) await Promise.all(tasks);
    return true;
  };
  const result = await Promise.race([empty(), late]);
  clearTimeout(timer);
  return result;
}

/** What decides who may do what on a node: its policies. */
function policiesOf(
  { policies }: Configuration['settings'],
  effects: { readonly node: () => NodeView; readonly clock: Clock; readonly logger: Logger },
): Authorizer {
  const { folder, allow_unconfigured: allowUnconfigured, enable_default: enableDefault } = policies;
  const settings = {
    ...(allowUnconfigured === undefined ? {} : { allowUnconfigured }),
    ...(enableDefault === undefined ? {} : { enableDefault }),
  };
  void tellPolicies({ folder, settings, ...effects });
  return createPolicyAuthorizer({ ...effects, store: createPolicyStore({ folder, settings, ...effects }) });
}

/** Lets signed policies govern a node that says who may sign them, and gives it the agent that takes them. Errors: those of the policies. */
async function underBundles(
  configuration: Configuration,
  clock: Clock,
): Promise<Result<{ readonly configuration: Configuration; readonly agents: readonly AgentPlugin[] }>> {
  const { settings, credentials } = configuration;
  const { signers, folder: local } = settings.policies;
  if (signers === undefined) return ok({ configuration, agents: [] });
  const { verifier, pastVerifier: keptVerifier } = credentials;
  const folder = join(settings.state, 'policies');
  const maySign = nameTest(signers);
  const bundles = await openPolicyBundles({ folder, local, maySign, verifier, keptVerifier, compressor, clock });
  if (!bundles.ok) return bundles;
  const policies = { ...settings.policies, folder: bundles.value.folder };
  return ok({
    configuration: { ...configuration, settings: { ...settings, policies } },
    agents: [policiesAgent(bundles.value)],
  });
}

/** How long aborted actions have to hand in their answers, in milliseconds. */
const lastWordsMs = 2_000;

function run(
  configuration: Configuration,
  parts: Required<Omit<AgentOptions, 'configFile' | 'authorizer'>> &
    Pick<AgentOptions, 'authorizer'> & { readonly ownsHosts: boolean },
  state: OpenState,
): RunningAgent {
  const { bus, logger, clock, randomBytes, hosts } = parts;
  const { settings, credentials } = configuration;
  const { verifier } = credentials;
  const signer = createOwnSigner(credentials.signer);
  const { journal, sealingKey } = state;
  const live = new Map<string, LiveRequest>();
  const audit = createAudit(state.auditTrail, { clock, mustBeWritten: settings.audit.when_unwritable === 'refuse' });
  const authorizer = parts.authorizer ?? policiesOf(settings, { node: () => node.view, clock, logger });
  const cancelRequest = createCanceller({ live, journal, authorizer, audit });
  const node = buildNode(configuration, {
    ...parts,
    cancelRequest,
    recipient: sealingKey.recipient,
    activationMs: parts.activation.limitMs,
  });
  const { catalogue } = node;
  const faultLog = createFaultLog({ clock, logger });
  credentials.revocations?.onFault((fault) => faultLog.note(fault));
  const stopping = new AbortController();
  const tools = { node: node.view, bus, signer, compressor, clock, randomBytes, logger };
  const handler = createRequestHandler({
    node: node.view,
    counters: node.counters,
    agents: catalogue.agents,
    running: node.running,
    live,
    verifier,
    compressor,
    clock,
    logger,
    faultLog,
    authorizer,
    journal,
    audit,
    sealing: { key: sealingKey, isRequired: settings.sealing.required },
    gate: createGate(settings.limits.concurrent_actions),
    replies: createReplySender({ identity: settings.identity, faultLog, ...tools }),
    stop: stopping.signal,
  });
  const registrar = createRegistrar({
    ...tools,
    intervalMs: settings.registration.interval * 1000,
    splay: settings.registration.splay,
  });
  const watching = watchFolders([settings.plugins.settings, ...settings.plugins.folders], () => void reloadPlugins());
  const tasks = new Set<Promise<void>>();
  const holder = {
    role: 'node',
    name: settings.identity,
    caPem: credentials.broker.ca,
    roleOf: credentials.roleOf,
  } as const;
  const kept = keepRenewed({
    role: 'node',
    name: settings.identity,
    holding: freshKeyHolding({ holder, files: settings.trust, signer, clock }),
    signer,
    verifier,
    compressor,
    bus,
    clock,
    randomBytes,
    isAutomatic: settings.renewal.automatic,
    onRenewed(next, expiresMs) {
      state.auditTrail.useSigner(next);
      logger.info({ event: 'certificate.renewed', expiresMs }, 'another certificate is used from now on');
    },
    onFault: (fault) => faultLog.note(fault),
  });
  let subscribed: Subscribed | undefined;
  let isStopping = false;

  function onDelivery(delivery: Delivery): void {
    // What is not acknowledged goes back to the queue, for the next process.
    if (isStopping) return;
    const task = handler.handle(delivery).finally(() => tasks.delete(task));
    tasks.add(task);
  }

  const address = () => ({
    identity: settings.identity,
    collectives: settings.collectives,
    agents: [...catalogue.agents.keys()],
  });

  let askingAgain: NodeJS.Timeout | undefined;

  /** Gives whether agents or data plugins have changed. */
  async function loadPlugins(): Promise<boolean> {
    const hasChanged = await catalogue.load();
    clearTimeout(askingAgain);
    if (catalogue.unanswered.length > 0 && !isStopping) {
      askingAgain = setTimeout(() => void reloadPlugins(), parts.activation.askAgainMs);
    }
    return hasChanged;
  }

  async function reloadPlugins(): Promise<void> {
    if (isStopping || !(await loadPlugins())) return;
    const { agents } = address();
    logger.info({ event: 'plugins.changed', agents }, 'agents or data plugins have changed');
    await subscribed?.rebind(nodeBindings(address()));
    await registrar.check();
  }

  async function begin(): Promise<Result<null>> {
    await loadPlugins();
    const taken = await subscribeNode(
      bus,
      {
        ...address(),
        prefetch: settings.limits.waiting_requests,
        onDelivery,
        onFault: (fault) =>
          logger.error(
            { event: fault.code, identity: settings.identity },
            `the node's queue was lost: ${fault.message}`,
          ),
      },
      { clock, logger },
    );
    if (!taken.ok) {
      if (taken.error.code === 'identity.duplicate') await audit.rejected(taken.error);
      return taken;
    }
    subscribed = taken.value;
    // What changed since the catalogue was loaded, while there was no broker.
    await subscribed.rebind(nodeBindings(address()));
    logger.info({ event: 'ready', ...address() }, 'ready');
    await registrar.start();
    return ok(null);
  }

  logState(logger, bus.state);
  bus.onState((state) => {
    logState(logger, state);
    if (state.status === 'up') registrar.reconnected();
  });
  const ready = begin();
  const recovered = handler.recover();

  return {
    identity: settings.identity,
    counters: node.counters,
    ready,
    async reload() {
      await node.facts.reload();
      await reloadPlugins();
      await registrar.check();
      logger.info({ event: 'reloaded' }, 'facts, classes and plugins were read anew');
    },
    async stop() {
      if (isStopping) return;
      isStopping = true;
      kept.stop();
      clearTimeout(askingAgain);
      if (!(await settled(tasks, settings.limits.stop_grace * 1000))) {
        stopping.abort(new StoppedError());
        await settled(tasks, lastWordsMs);
      }
      await watching.close();
      if (parts.ownsHosts) await hosts.close();
      await registrar.stop();
      await bus.close();
      await Promise.all([ready, recovered]);
      await state.close();
      logger.info({ event: 'stopped' }, 'stopped');
    },
  };
}

/**
 * Starts the agent that a configuration describes. It resolves as soon as the configuration holds; `ready` tells when the
 * node can be reached. A broker that is away is waited for.
 *
 * Errors: those of the configuration, with file, line and mend; `storage.failed` when the state folder cannot be used,
 * `home.in_use` while another agent uses it.
 */
export async function startAgent(options: AgentOptions): Promise<Result<RunningAgent>> {
  const { configFile, clock = Date.now, randomBytes = systemRandomBytes } = options;
  const configuration = await loadConfiguration(configFile, clock);
  if (!configuration.ok) return configuration;
  const { settings, credentials } = configuration.value;
  const logger =
    options.logger ?? createLogger({ name: 'muster-agent', level: settings.log.level, destination: process.stdout });
  const state = await openState(settings, credentials.signer, { clock, logger });
  if (!state.ok) return state;
  const governed = await underBundles(configuration.value, clock);
  if (!governed.ok) {
    await state.value.close();
    return governed;
  }
  const bus = options.bus ?? connectBus(credentials.broker, { clock, randomBytes });
  const { authorizer, activation = defaultActivation, system = thisSystem() } = options;
  const agents = [...(options.agents ?? []), ...governed.value.agents];
  const hosts = options.hosts ?? createHostPool({ logger, width: settings.limits.concurrent_actions });
  const parts = {
    bus,
    logger,
    agents,
    activation,
    clock,
    randomBytes,
    system,
    hosts,
    ...(authorizer && { authorizer }),
  };
  return ok(run(governed.value.configuration, { ...parts, ownsHosts: options.hosts === undefined }, state.value));
}
