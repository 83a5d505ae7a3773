import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startPrivateBroker, type PrivateBroker } from '@muster/broker-config/private';
import { inParallel, prepareHome } from '@muster/build/fleet';
import { unwrap } from '@muster/protocol/errors';
import { startTool, type Tool } from './tool.ts';
import { onBroker } from '../world/rabbitmqctl.ts';

const server = '/usr/sbin/mcollectived';
const client = '/usr/bin/mco';
const vhost = '/mcollective';
const user = 'mcollective';
const pluginFolder = fileURLToPath(new URL('plugin', import.meta.url));

/** Real MCollective from Debian: daemons, a broker of their own that speaks STOMP, and its command line. */
export interface McollectiveFleet {
  readonly identities: readonly string[];
  /** `mco ARGS`, with JSON on its standard output. */
  command(args: readonly string[]): Promise<Tool>;
  /** Tokens in a node's ledger. */
  ledgerOf(identity: string): Promise<readonly string[]>;
  /** Stops the broker properly and starts it again after a while. */
  restartBroker(downMs: number): Promise<void>;
  stop(): Promise<void>;
}

interface Site {
  readonly folder: string;
  readonly stompPort: number;
  readonly password: string;
}

/** What Debian's 2.12.5 needs to read facts at all on Ruby 3.1: positional arguments of `YAML.safe_load` are gone. */
async function mendFacts(folder: string): Promise<void> {
  const facts = join(folder, 'plugins', 'mcollective', 'facts');
  await mkdir(facts, { recursive: true });
  const source = await readFile('/usr/lib/ruby/vendor_ruby/mcollective/facts/yaml_facts.rb', 'utf8');
  await writeFile(
    join(facts, 'yaml_facts.rb'),
    source.replace(', [Symbol], [], true)', ', permitted_classes: [Symbol], aliases: true)'),
  );
}

const commonSettings = ({ folder, stompPort, password }: Site): string => `main_collective = mcollective
collectives = mcollective
libdir = ${join(folder, 'plugins')}
direct_addressing = 1
securityprovider = psk
plugin.psk = ${password}
connector = rabbitmq
plugin.rabbitmq.vhost = ${vhost}
plugin.rabbitmq.heartbeat_interval = 30
plugin.rabbitmq.pool.size = 1
plugin.rabbitmq.pool.1.host = 127.0.0.1
plugin.rabbitmq.pool.1.port = ${stompPort}
plugin.rabbitmq.pool.1.user = ${user}
plugin.rabbitmq.pool.1.password = ${password}
plugin.ledger.folder = ${join(folder, 'ledgers')}
factsource = yaml
plugin.yaml = ${join(folder, 'facts.yaml')}
`;

async function writeSite(site: Site, identities: readonly string[]): Promise<void> {
  const { folder } = site;
  const agents = join(folder, 'plugins', 'mcollective', 'agent');
  await Promise.all(
    [agents, join(folder, 'ledgers'), join(folder, 'nodes')].map((name) => mkdir(name, { recursive: true })),
  );
  for (const name of ['ledger.rb', 'ledger.ddl']) await copyFile(join(pluginFolder, name), join(agents, name));
  await mendFacts(folder);
  await writeFile(join(folder, 'facts.yaml'), '---\nrole: "web"\n');
  await writeFile(
    join(folder, 'client.cfg'),
    `${commonSettings(site)}identity = client.example.com\nlogger_type = console\nloglevel = warn\n`,
  );
  for (const identity of identities) {
    const log = `logger_type = file\nlogfile = ${join(folder, 'nodes', `${identity}.log`)}\nloglevel = info\n`;
    const text = `${commonSettings(site)}identity = ${identity}\ndaemonize = 0\n${log}`;
    await writeFile(join(folder, 'nodes', `${identity}.cfg`), text);
  }
}

/** Makes a running broker speak STOMP, with the exchanges that MCollective's connector wants. */
async function prepareBroker({ folder, password }: Site): Promise<void> {
  const ctl = (...args: string[]) => onBroker(folder, 'rabbitmqctl', args);
  await onBroker(folder, 'rabbitmq-plugins', ['enable', 'rabbitmq_stomp']);
  if ((await ctl('list_vhosts')).includes(vhost)) return;
  await ctl('add_vhost', vhost);
  await ctl('add_user', user, password);
  await ctl('set_permissions', '-p', vhost, user, '.*', '.*', '.*');
  const kinds =
    '[{<<"mcollective_broadcast">>,topic},{<<"mcollective_directed">>,direct},{<<"mcollective_reply">>,direct}]';
  const declare = `rabbit_exchange:declare(rabbit_misc:r(<<"${vhost}">>, exchange, N), T, true, false, false, [], <<"faults">>)`;
  await ctl('eval', `[${declare} || {N,T} <- ${kinds}], ok.`);
}

const readyMs = 120_000;

async function awaitNodes(folder: string, count: number): Promise<void> {
  const deadline = performance.now() + readyMs;
  for (;;) {
    const bindings = await onBroker(folder, 'rabbitmqctl', [
      'list_bindings',
      '-p',
      vhost,
      'source_name',
      'routing_key',
    ]);
    const ready = bindings.split('\n').filter((line) => /^mcollective_broadcast\s+ledger/.test(line)).length;
    if (ready >= count) return;
    if (performance.now() > deadline) throw new Error(`Only ${ready} of ${count} MCollective nodes are ready`);
    await pause(500);
  }
}

const inHome = (folder: string) => ({
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: folder,
  USER: 'root',
  LANG: 'C.UTF-8',
  TERM: 'dumb',
});

async function startNodes(folder: string, identities: readonly string[]): Promise<readonly Tool[]> {
  return inParallel(identities, 4, (identity) =>
    startTool(
      '/usr/bin/ruby',
      [server, '--no-daemonize', '--config', join(folder, 'nodes', `${identity}.cfg`)],
      inHome(folder),
    ),
  );
}

/** Starts MCollective with so many nodes in a folder that is new, listening for STOMP on a port that is free. */
export async function startMcollective(
  folder: string,
  options: { nodes: number; stompPort: number },
): Promise<McollectiveFleet> {
  if (!existsSync(server) || !existsSync(client)) {
    throw new Error('MCollective is missing: apt-get install mcollective mcollective-client ruby-stomp');
  }
  const site: Site = { folder, stompPort: options.stompPort, password: randomBytes(16).toString('hex') };
  const identities = Array.from({ length: options.nodes }, (_unused, index) => `node${index + 1}.example.com`);
  const home = await prepareHome(folder, { clock: () => Date.now(), nodes: [], sharesConnections: false });
  await mkdir(join(folder, 'broker', 'conf.d'), { recursive: true, mode: 0o700 });
  await writeFile(
    join(folder, 'broker', 'conf.d', 'stomp.conf'),
    `stomp.listeners.tcp.1 = 127.0.0.1:${options.stompPort}\n`,
  );
  await writeSite(site, identities);
  const start = async (): Promise<PrivateBroker> => {
    const started = unwrap(await startPrivateBroker({ home: folder, collectives: ['muster'], randomBytes, ...home }));
    try {
      await prepareBroker(site);
      return started;
    } catch (thrown) {
      await started.stop();
      throw thrown;
    }
  };
  let broker = await start();
  let nodes: readonly Tool[] = [];
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await broker.stop();
  };
  try {
    nodes = await startNodes(folder, identities);
    await awaitNodes(folder, identities.length);
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return {
    identities,
    command: (args) => startTool(client, [...args, '--config', join(folder, 'client.cfg')], inHome(folder)),
    async ledgerOf(identity) {
      const text = await readFile(join(folder, 'ledgers', identity), 'utf8').catch(() => '');
      return text.split('\n').filter((line) => line !== '');
    },
    async restartBroker(downMs) {
      await broker.stop();
      await pause(downMs);
      broker = await start();
    },
    stop,
  };
}
