import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectBus, type Bus } from '@muster/runtime/bus';
import { createSigner, createVerifier, randomBytes } from '@muster/runtime/crypto';
import { unwrap } from '@muster/protocol/errors';
import { createAsker, type Asker } from '../../support/agent/asker.ts';
import { readAudit } from '../../support/agent/read-audit.ts';
import { createTestHome, type TestHome } from '../../support/agent/test-home.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestBroker, type TestBroker } from '../../support/test-broker.ts';

const main = fileURLToPath(new URL('../../../agent/bin/muster-agent.mjs', import.meta.url));

/** An agent as it runs on a node: a process of its own. */
interface AgentProcess {
  readonly child: ChildProcess;
  /** Lines of its log, parsed. */
  readonly log: Readonly<Record<string, unknown>>[];
  readonly stderr: () => string;
  /** Exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

let broker: TestBroker;
let home: TestHome;
let bus: Bus;
let asker: Asker;
const processes = new Set<AgentProcess>();

function run(...args: string[]): AgentProcess {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const log: Readonly<Record<string, unknown>>[] = [];
  let pending = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (pending + text).split('\n');
    pending = lines.pop() ?? '';
    // Every line of the log is a JSON object; what is none is the answer to --help and the like.
    for (const line of lines)
      log.push(line.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>) : { text: line });
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(() => child.exitCode);
  const started = { child, log, stderr: () => stderr, ended };
  processes.add(started);
  return started;
}

const addNode = (identity: string, yaml = ''): Promise<string> =>
  home.addNode(identity, {
    broker: broker.url,
    yaml,
  });

const event = (agent: AgentProcess, name: string) => agent.log.filter((line) => line['event'] === name);
const isReady = (agent: AgentProcess) =>
  eventually(() => expect(event(agent, 'ready'), agent.stderr()).toHaveLength(1), 20_000);

async function startNode(identity: string, yaml = ''): Promise<AgentProcess & { readonly folder: string }> {
  const configFile = await addNode(identity, yaml);
  const agent = run('--config', configFile);
  await isReady(agent);
  return { ...agent, folder: dirname(configFile) };
}

beforeAll(async () => {
  broker = await startTestBroker({
    nodes: Array.from({ length: 9 }, (_unused, index) => `web${index + 1}.example.com`),
  });
  home = await createTestHome(broker.authority);
  const settings = await broker.personSettings('demo');
  bus = connectBus(settings, { clock: Date.now, randomBytes, backoff: { minMs: 100, maxMs: 500 } });
  await eventually(() => expect(bus.state.status).toBe('up'), 20_000);
  asker = await createAsker({
    name: 'demo',
    bus,
    signer: unwrap(await createSigner({ certificatePem: settings.certificate, keyPem: settings.key })),
    verifier: createVerifier({ caPem: settings.ca }),
    clock: Date.now,
  });
});

afterEach(async () => {
  for (const { child, ended } of processes) {
    child.kill('SIGKILL');
    await ended;
  }
  processes.clear();
});

afterAll(async () => {
  await bus.close();
  await broker.stop();
  await home.remove();
});

describe('an agent process on RabbitMQ', () => {
  it('answers broadcasts and directed requests, registers, and stops when asked', async () => {
    const agent = await startNode('web1.example.com');
    await eventually(() =>
      expect(asker.registrations.at(-1)).toMatchObject({ sender: 'web1.example.com', event: 'started' }),
    );
    expect(await asker.ask('web1.example.com', { action: 'get_fact', inputs: { fact: 'os.family' } })).toMatchObject({
      outcome: 'ok',
      data: { fact: 'os.family', value: 'Debian' },
    });
    const before = asker.replies.length;
    await asker.send(asker.request({ agent: 'discovery', filter: 'rack=7' }));
    await eventually(() => expect(asker.replies[before]).toMatchObject({ agent: 'discovery', outcome: 'ok' }));
    agent.child.kill('SIGTERM');
    expect(await agent.ended).toBe(0);
    await eventually(() => expect(asker.registrations.at(-1)).toMatchObject({ event: 'stopped' }));
    expect(event(agent, 'stopped')).toHaveLength(1);
  });

  it('heeds its signals, and opens no port for a debugger', async () => {
    const configFile = await addNode('web2.example.com', 'log: { level: info, file: agent.log }');
    const { child } = run('--config', configFile);
    const file = join(dirname(configFile), 'agent.log');
    const logged = async (text: string) => expect(await readFile(file, 'utf8')).toContain(text);
    await eventually(() => logged('"msg":"ready"'), 20_000);
    const own = () => asker.registrations.filter(({ sender }) => sender === 'web2.example.com');
    await eventually(() => expect(own()).toMatchObject([{ event: 'started' }]));
    child.kill('SIGUSR2');
    await eventually(() => logged('the log level is now debug'));
    await writeFile(join(dirname(file), 'facts.yaml'), 'rack: 8\n');
    child.kill('SIGUSR1');
    await eventually(() => expect(own().at(-1)).toMatchObject({ event: 'changed' }));
    await rename(file, `${file}.1`);
    child.kill('SIGHUP');
    child.kill('SIGUSR1');
    await eventually(() => logged('"event":"reloaded"'));
    // Node opens this port on SIGUSR1 unless somebody listens to that signal.
    const debuggerPort = createServer().listen(9229, '127.0.0.1');
    await once(debuggerPort, 'listening');
    debuggerPort.close();
  });

  it('outlives a broker that restarts', async () => {
    await startNode('web3.example.com');
    await broker.restart();
    await eventually(() => expect(bus.state.status).toBe('up'), 30_000);
    expect(await asker.ask('web3.example.com', {})).toMatchObject({ outcome: 'ok' });
  });

  it('waits for a broker that is away at the start, and can be stopped meanwhile', async () => {
    await broker.pause();
    const agent = run('--config', await addNode('web4.example.com'));
    const other = run('--config', await addNode('web5.example.com'));
    await eventually(() => expect(event(agent, 'broker.down')).not.toHaveLength(0), 10_000);
    await eventually(() => expect(event(other, 'broker.down')).not.toHaveLength(0), 10_000);
    other.child.kill('SIGINT');
    expect(await other.ended).toBe(0);
    await broker.resume();
    await isReady(agent);
  });

  it('refuses to be the second of its identity, with exit code 3; the first goes on', async () => {
    const { folder } = await startNode('web6.example.com');
    const neighbour = run('--config', join(folder, 'agent.yaml'));
    expect(await neighbour.ended).toBe(3);
    expect(neighbour.stderr()).toMatch(/^Process \d+ works in /);
    const elsewhere = join(folder, 'elsewhere.yaml');
    const yaml = await readFile(join(folder, 'agent.yaml'), 'utf8');
    await writeFile(elsewhere, yaml.replace('state: state', 'state: elsewhere'));
    const second = run('--config', elsewhere);
    expect(await second.ended).toBe(3);
    expect(second.stderr()).toMatch(/Another agent is connected as "web6\.example\.com"/);
    expect(event(second, 'identity.duplicate')).not.toHaveLength(0);
    expect(await readAudit(join(folder, 'elsewhere', 'audit.log'), 'rejected')).toMatchObject([
      { code: 'identity.duplicate' },
    ]);
    expect(await asker.ask('web6.example.com', {})).toMatchObject({ outcome: 'ok' });
  });

  it('takes the place of one that was killed, and answers what came in between', async () => {
    const first = await startNode('web7.example.com');
    const message = asker.request({ target: 'web7.example.com' });
    first.child.kill('SIGKILL');
    await first.ended;
    await asker.send(message);
    const second = run('--config', join(first.folder, 'agent.yaml'));
    await isReady(second);
    await eventually(() =>
      expect(asker.replies.filter(({ requestId }) => requestId === message.requestId)).toMatchObject([
        { outcome: 'ok' },
      ]),
    );
  });
});

describe('the command line', () => {
  it('says whether a configuration holds', async () => {
    const file = await addNode('web8.example.com');
    const good = run('--check', '--config', file);
    expect(await good.ended).toBe(0);
    expect(good.log).toEqual([{ text: `ok: ${file} describes node web8.example.com` }]);
    const bad = run('--check', '--config', await addNode('web9.example.com', 'registration: { intervall: 9 }'));
    expect(await bad.ended).toBe(1);
    expect(bad.stderr()).toMatch(
      /agent\.yaml:\d+: unknown setting "registration\.intervall"\nRemove it, or correct its spelling\.\n/,
    );
  });

  it('knows --help, --version and what is wrong', async () => {
    const [help, version, wrong] = [run('--help'), run('--version'), run('--what')];
    expect(await Promise.all([help.ended, version.ended, wrong.ended])).toEqual([0, 0, 2]);
    expect(help.log[0]).toEqual({ text: 'Usage: muster-agent --config FILE [--check]' });
    expect(version.log).toEqual([{ text: '0.1.0' }]);
    expect(wrong.stderr()).toMatch(/--what/);
  });
});
