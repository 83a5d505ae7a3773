import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePrivate } from '@muster/broker-config/secrets';
import { generateNodes, inParallel, prepareHome, writeNode, type PreparedHome } from '@muster/build/fleet';
import { defaultCollective } from '@muster/protocol/identity';
import { parse, stringify } from 'yaml';
import { startTcpProxy, type TcpProxy } from '../network/tcp-proxy.ts';
import { createAgentHost, type AgentHost } from './agents.ts';
import { startFaultBroker, type FaultBroker } from './broker.ts';
import { createConsole, type Console } from './console.ts';
import { createFalseClock } from './false-clock.ts';
import { mountTinyDisk, type TinyDisk } from './tiny-disk.ts';

export interface WorldOptions {
  readonly seed: number;
  /** One broker with classic queues, or a cluster of three with quorum queues. */
  readonly brokers: 1 | 3;
  /** Agents in processes of their own. */
  readonly processes: number;
  /** Agents of which many share a process. */
  readonly emulated: number;
  /** Options of Node for agents and consoles. */
  readonly nodeOptions?: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Broker, agents and consoles on one machine, each reached through a stretch of network of its own. */
export interface World {
  readonly folder: string;
  readonly broker: FaultBroker;
  readonly hosts: readonly AgentHost[];
  readonly consoles: readonly Console[];
  readonly identities: readonly string[];
  /** The lines that a node's ledger has so far. */
  ledgerOf(identity: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

const agentsPerWorker = 250;
/** How many agents and which console keep their files on disks that can be filled. */
const agentsOnTinyDisks = 3;
const agentDiskMebibytes = 3;
const consoleDiskMebibytes = 24;
const hourMs = 3600 * 1000;
const writersAtOnce = 8;

const pluginFolder = fileURLToPath(new URL('../plugin', import.meta.url));

/** Collects what must be undone, and undoes it in the opposite order, all of it whatever fails. */
class Undoing {
  readonly #steps: (() => Promise<void>)[] = [];

  add(step: () => Promise<void>): void {
    this.#steps.push(step);
  }

  async undo(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.#steps.splice(0).reverse()) await step().catch((thrown: unknown) => failures.push(thrown));
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be cleaned up');
  }
}

interface Ground {
  readonly env: Readonly<Record<string, string>>;
  readonly home: PreparedHome;
  readonly broker: FaultBroker;
  readonly undoing: Undoing;
}

async function newProxy({ broker, undoing }: Ground): Promise<TcpProxy> {
  const proxy = await startTcpProxy(() => broker.port());
  undoing.add(() => proxy.close());
  return proxy;
}

/** Null where we may not mount: then no disk is filled. */
async function tinyDisk({ undoing }: Ground, folder: string, mebibytes: number): Promise<TinyDisk | null> {
  if (process.getuid?.() !== 0) return null;
  const disk = await mountTinyDisk(folder, mebibytes);
  undoing.add(() => disk.unmount());
  return disk;
}

const queueTypeOf = ({ broker }: Ground): string => (broker.isCluster ? 'quorum' : 'classic');

const ledgerFile = (folder: string, identity: string): string => join(folder, 'ledgers', `${identity}.jsonl`);

type Generated = ReturnType<typeof generateNodes>[number];

/** Writes the files of a host's nodes, all reached through the host's proxy. */
async function prepareHost(
  ground: Ground,
  name: string,
  nodes: readonly Generated[],
  tiny: boolean,
): Promise<AgentHost> {
  const { home, undoing } = ground;
  const proxy = await newProxy(ground);
  const configured = await inParallel(nodes, writersAtOnce, async (node) => {
    const { folder, configFile } = await writeNode(home, node, {
      amqp: `amqps://127.0.0.1:${proxy.port}`,
      sharesConnection: nodes.length > 1,
    });
    const settings = parse(await readFile(configFile, 'utf8')) as { broker: object }; // what was just written
    await writePrivate(
      configFile,
      stringify({
        ...settings,
        broker: { ...settings.broker, queue_type: queueTypeOf(ground) },
        plugins: { folders: [join(home.folder, 'plugins')] },
        registration: { interval: 60 },
      }),
    );
    await mkdir(join(folder, 'plugin.d'), { recursive: true });
    const own = { activate: true, file: ledgerFile(home.folder, node.identity) };
    await writePrivate(join(folder, 'plugin.d', 'ledger.yaml'), stringify(own));
    return { folder, configFile };
  });
  const [first] = configured;
  if (first === undefined) throw new Error(`${name} has no nodes`);
  const stateFolder = join(first.folder, 'state');
  const isProcess = nodes.length === 1;
  const host = createAgentHost({
    name,
    kind: isProcess ? 'process' : 'emulated',
    identities: nodes.map(({ identity }) => identity),
    stateFolder,
    proxy,
    clock: await createFalseClock(join(first.folder, 'clock')),
    env: ground.env,
    disk: tiny ? await tinyDisk(ground, stateFolder, agentDiskMebibytes) : null,
    configFiles: configured.map(({ configFile }) => configFile),
    logFile: isProcess ? join(first.folder, 'agent.log') : join(home.folder, `${name}.log`),
  });
  undoing.add(() => host.stop());
  return host;
}

interface ConsolePlan extends Pick<Console, 'name' | 'person' | 'takesCommands'> {
  readonly hasTinyDisk: boolean;
}

const consolePlans: readonly ConsolePlan[] = [
  { name: 'first', person: 'demo', takesCommands: true, hasTinyDisk: false },
  { name: 'alone', person: 'guest-operator', takesCommands: false, hasTinyDisk: false },
  { name: 'small-disk', person: 'demo', takesCommands: true, hasTinyDisk: true },
];

async function prepareConsole(ground: Ground, plan: ConsolePlan): Promise<Console> {
  const { name, person, takesCommands } = plan;
  const { home, undoing } = ground;
  const folder = join(home.folder, 'consoles', name);
  await mkdir(folder, { recursive: true });
  const proxy = await newProxy(ground);
  const outside = (path: string) => join(home.folder, path);
  await writePrivate(
    join(folder, 'console.yaml'),
    stringify({
      person,
      collectives: [defaultCollective],
      broker: {
        urls: [`amqps://127.0.0.1:${proxy.port}`],
        queue_type: queueTypeOf(ground),
      },
      trust: {
        ca: outside('ca/ca.pem'),
        certificate: outside(`persons/${person}.pem`),
        key: outside(`persons/${person}.key`),
      },
      data: 'data',
    }),
  );
  const disk = plan.hasTinyDisk ? await tinyDisk(ground, join(folder, 'data'), consoleDiskMebibytes) : null;
  const clock = await createFalseClock(join(folder, 'clock'));
  const console = createConsole({ name, home: folder, person, proxy, clock, disk, takesCommands, env: ground.env });
  undoing.add(() => console.stop());
  return console;
}

async function prepareHosts(
  ground: Ground,
  nodes: readonly Generated[],
  { processes }: WorldOptions,
): Promise<AgentHost[]> {
  const shared = nodes.slice(processes);
  const workers = Math.ceil(shared.length / agentsPerWorker);
  const single = await inParallel(nodes.slice(0, processes), 2, (node, index) =>
    prepareHost(ground, node.identity, [node], index < agentsOnTinyDisks),
  );
  const many = await inParallel(Array.from({ length: workers }), 1, (_unused, worker) =>
    prepareHost(
      ground,
      `emulation-${worker}`,
      shared.filter((_node, index) => index % workers === worker),
      false,
    ),
  );
  return [...single, ...many];
}

async function linesOf(file: string): Promise<readonly string[]> {
  try {
    return (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return [];
    throw thrown;
  }
}

/** Writes and starts everything; `close` ends and removes it. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const { signal, say } = options;
  const undoing = new Undoing();
  try {
    const folder = await mkdtemp(join(tmpdir(), 'muster-faults-'));
    undoing.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    // Certificates that are an hour old hold on clocks that are minutes behind.
    const nodes = generateNodes({
      count: options.processes + options.emulated,
      seed: options.seed,
      collectives: [defaultCollective],
    });
    const identities = nodes.map(({ identity }) => identity);
    const home = await prepareHome(folder, {
      clock: () => Date.now() - hourMs,
      nodes: identities,
      // Also for the fault suite itself, which does what any node may.
      sharesConnections: true,
    });
    await Promise.all(['ledgers', 'plugins', 'consoles', 'tmp'].map((name) => mkdir(join(folder, name))));
    for (const name of ['ledger.json', 'ledger.mjs'])
      await copyFile(join(pluginFolder, name), join(folder, 'plugins', name));
    await writeFile(join(folder, 'seed'), `${options.seed}\n`);
    say(`starting a broker in ${folder}`);
    const broker = await startFaultBroker(home, options.brokers);
    undoing.add(() => broker.stop());
    // What they leave in the folder for temporary files is ours to see.
    const env = {
      TMPDIR: join(folder, 'tmp'),
      ...(options.nodeOptions === undefined ? {} : { NODE_OPTIONS: options.nodeOptions }),
    };
    const ground = { home, broker, undoing, env };
    say(`writing ${options.processes + options.emulated} nodes`);
    const hosts = await prepareHosts(ground, nodes, options);
    const consoles = await inParallel(consolePlans, 1, (plan) => prepareConsole(ground, plan));
    say(`starting ${hosts.length} processes with agents and ${consoles.length} consoles`);
    await inParallel(hosts, 4, async (host) => {
      signal.throwIfAborted();
      await host.start();
    });
    await Promise.all(consoles.map((console) => console.start()));
    return {
      folder,
      broker,
      hosts,
      consoles,
      identities: hosts.flatMap(({ identities }) => identities),
      ledgerOf: (identity) => linesOf(ledgerFile(folder, identity)),
      close: () => undoing.undo(),
    };
  } catch (error) {
    await undoing.undo();
    throw error;
  }
}
