import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startPrivateBroker, type PrivateBroker } from '@muster/broker-config/private';
import { claimProcesses, stopProcess, type ProcessBook } from '@muster/broker-config/processes';
import { privateFolder, writePrivate } from '@muster/broker-config/secrets';
import { ok, type Result } from '@muster/protocol/errors';
import { startProcess, type FleetProcess } from './fleet-process.ts';
import { generateNodes, type GeneratedNode } from './generated-nodes.ts';
import { prepareHome, writeConsole, writeNode, type PreparedHome } from './home.ts';
import { inParallel } from './in-parallel.ts';
import { launchAgents, type FleetMode } from './launch-agents.ts';
import { watchReadiness } from './readiness.ts';

export interface FleetOptions {
  /** Absolute path of the Muster home; made when it does not exist, used again when it does. */
  readonly home: string;
  /** How many agents; 1 to 10,000. */
  readonly nodes: number;
  readonly mode: FleetMode;
  /** The same seed makes the same servers. */
  readonly seed: number;
  /** The first holds all nodes, each further one every second. */
  readonly collectives: readonly string[];
  /** Gives the start up: what runs already is stopped and the start throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What a fleet prints when all its agents are connected, and keeps in `fleet.json` of its home while it runs. */
export interface FleetReady {
  readonly ready: true;
  readonly home: string;
  readonly nodes: number;
  readonly mode: FleetMode;
  readonly amqp: string;
  /** Process numbers; emulated agents share theirs. */
  readonly pids: { readonly broker: number; readonly agents: Readonly<Record<string, number>> };
}

export interface Fleet {
  readonly ready: FleetReady;
  readonly nodes: readonly GeneratedNode[];
  /** Stops the broker alone; the agents stay and try to connect. */
  stopBroker(): Promise<void>;
  /** Starts it again, on the same data. Errors as of {@link startFleet}. */
  startBroker(): Promise<Result<void>>;
  /** Ends agents and broker; the home stays. Resolves when no process is left. */
  stop(): Promise<void>;
}

const agentStopGraceMs = 15_000;
const writersAtOnce = 8;

class RunningFleet {
  readonly home: PreparedHome;
  readonly #options: FleetOptions;
  readonly #book: ProcessBook;
  readonly #processes: FleetProcess[] = [];
  #broker: PrivateBroker | null = null;
  #stopping: Promise<void> | null = null;

  constructor(home: PreparedHome, options: FleetOptions, book: ProcessBook) {
    this.home = home;
    this.#options = options;
    this.#book = book;
  }

  async startBroker(): Promise<Result<PrivateBroker>> {
    const { collectives } = this.#options;
    const started = await startPrivateBroker({ home: this.home.folder, collectives, randomBytes, ...this.home });
    if (started.ok) this.#broker = started.value;
    return started;
  }

  async stopBroker(): Promise<void> {
    await this.#broker?.stop();
  }

  /** Writes the files of nodes and console, and starts the agents. */
  async startAgents(nodes: readonly GeneratedNode[], broker: PrivateBroker): Promise<FleetReady> {
    const { home } = this;
    const { mode, collectives, signal } = this.#options;
    const amqp = broker.url;
    await writeConsole(home, { amqp, collectives });
    const configured = await inParallel(nodes, writersAtOnce, (node) =>
      writeNode(home, node, { amqp, sharesConnection: mode === 'emulated' }),
    );
    const readiness = await watchReadiness(home, amqp);
    const aborted = abortion(signal);
    try {
      const launched = await launchAgents(mode, configured, {
        folder: home.folder,
        start: async (args, logFile) => {
          signal?.throwIfAborted();
          const started = await startProcess(this.#book, args, logFile);
          this.#processes.push(started);
          return started;
        },
        ready: (identity, host) => Promise.race([readiness.awaitAgent(identity), host.ended, aborted]),
      });
      const agents = Object.fromEntries(launched.map(([identity, { pid }]) => [identity, pid]));
      return { ready: true, home: home.folder, nodes: nodes.length, mode, amqp, pids: { broker: broker.pid, agents } };
    } finally {
      await readiness.close();
    }
  }

  stop(): Promise<void> {
    return (this.#stopping ??= this.#stopAll());
  }

  async #stopAll(): Promise<void> {
    await Promise.all(this.#processes.map(({ mark }) => stopProcess(mark, agentStopGraceMs)));
    await this.stopBroker();
    await rm(join(this.home.folder, 'fleet.json'), { force: true });
    await this.#book.close();
  }
}

/** Rejects with the signal's reason once it is raised; never resolves. */
function abortion(signal: AbortSignal | undefined): Promise<never> {
  const aborted = new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('The start was given up', { cause: signal.reason })), {
      once: true,
    });
  });
  aborted.catch(() => undefined);
  return aborted;
}

/**
 * Starts a private broker and a fleet of agents, and waits until every agent takes requests.
 *
 * Errors: `broker.not_started`, `home.in_use`. Throws when an agent ends before it is ready.
 */
export async function startFleet(options: FleetOptions): Promise<Result<Fleet>> {
  const folder = options.home;
  await privateFolder(folder);
  const book = await claimProcesses(join(folder, 'processes.json'));
  if (!book.ok) return book;
  const nodes = generateNodes({ count: options.nodes, seed: options.seed, collectives: options.collectives });
  const home = await prepareHome(folder, {
    clock: () => Date.now(),
    nodes: nodes.map(({ identity }) => identity),
    sharesConnections: options.mode === 'emulated',
  });
  const fleet = new RunningFleet(home, options, book.value);
  try {
    const broker = await fleet.startBroker();
    if (!broker.ok) {
      await fleet.stop();
      return broker;
    }
    options.signal?.throwIfAborted();
    const ready = await fleet.startAgents(nodes, broker.value);
    await writePrivate(join(folder, 'fleet.json'), `${JSON.stringify(ready)}\n`);
    return ok({
      ready,
      nodes,
      stopBroker: () => fleet.stopBroker(),
      startBroker: async () => {
        const again = await fleet.startBroker();
        return again.ok ? ok(undefined) : again;
      },
      stop: () => fleet.stop(),
    });
  } catch (error) {
    await fleet.stop();
    throw error;
  }
}
