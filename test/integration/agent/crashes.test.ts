import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { connectBus, type Bus } from '@muster/runtime/bus';
import { createSigner, createVerifier, randomBytes } from '@muster/runtime/crypto';
import { createAsker, type Asker } from '../../support/agent/asker.ts';
import { createTestHome, type TestHome } from '../../support/agent/test-home.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestBroker, type TestBroker } from '../../support/test-broker.ts';

const main = fileURLToPath(new URL('../../../agent/dist/main.js', import.meta.url));
const plugins = fileURLToPath(new URL('../../support/agent/plugins', import.meta.url));
const longMs = 60_000;

let broker: TestBroker;
let home: TestHome;
let bus: Bus;
let asker: Asker;
let node: string;
let folder: string;
let agent: ChildProcess | undefined;
let count = 0;

beforeAll(async () => {
  broker = await startTestBroker();
  home = await createTestHome(broker.authority);
  const settings = await broker.personSettings('demo');
  bus = connectBus(settings, { clock: Date.now, randomBytes, backoff: { minMs: 100, maxMs: 500 } });
  await eventually(() => expect(bus.state.status).toBe('up'), longMs);
  asker = await createAsker({
    name: 'demo',
    bus,
    signer: unwrap(await createSigner({ certificatePem: settings.certificate, keyPem: settings.key })),
    verifier: createVerifier({ caPem: settings.ca }),
    clock: Date.now,
  });
});
afterAll(async () => {
  await bus.close();
  await broker.stop();
  await home.remove();
});

beforeEach(async () => {
  node = `web${++count}.example.com`;
  const config = await home.addNode(node, {
    broker: { url: broker.url, username: 'muster-node', password: 'only-for-this-test' },
    yaml: 'plugins: { folders: [plugins], activate: false }\nlimits: { concurrent_actions: 1 }',
    pluginSettings: { ledger: 'activate: true', shell: 'activate: true' },
  });
  folder = dirname(config);
  await mkdir(join(folder, 'plugins'));
  for (const file of ['ledger.json', 'ledger.mjs']) await cp(join(plugins, file), join(folder, 'plugins', file));
});
afterEach(() => killAgent());

async function startAgent(): Promise<void> {
  const child = spawn(process.execPath, [main, '--config', join(folder, 'agent.yaml')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (log += text));
  agent = child;
  await eventually(() => expect(log).toContain('"event":"ready"'), longMs);
}

async function killAgent(): Promise<void> {
  if (agent === undefined) return;
  const ended = once(agent, 'exit');
  agent.kill('SIGKILL');
  await ended;
  agent = undefined;
}

const state = (...path: string[]) => join(folder, 'state', ...path);
const ledger = async (): Promise<readonly string[]> => {
  const text = await readFile(state('agents', 'ledger', 'ledger'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
};
const letEnd = (name: string) => writeFile(state('agents', 'ledger', name), '');

async function work(name: string) {
  const request = asker.request({ target: node, agent: 'ledger', action: 'work', inputs: { name } });
  const bytes = await asker.send(request);
  const outcomes = () =>
    asker.replies.filter(({ requestId }) => requestId === request.requestId).map(({ outcome }) => outcome);
  return { bytes, outcomes };
}

describe('an agent that is killed', () => {
  it('while the action runs answers that it was interrupted, by itself, and whenever the request comes again', async () => {
    await startAgent();
    const { bytes, outcomes } = await work('one');
    await eventually(async () => expect(await ledger()).toEqual(['begin one']), longMs);
    await killAgent();
    await startAgent();
    await eventually(() => expect(outcomes()).toEqual(['interrupted']), longMs);
    await asker.sendBytes(bytes, { target: node });
    await eventually(() => expect(outcomes()).toEqual(['interrupted', 'interrupted']), longMs);
    expect((await ledger()).filter((line) => line === 'begin one')).toHaveLength(1);
  });

  it('before the action began runs it after its restart', async () => {
    await startAgent();
    const first = await work('one');
    await eventually(async () => expect(await ledger()).toEqual(['begin one']), longMs);
    const second = await work('two');
    // It has arrived once a later request is answered.
    expect(await asker.ask(node, { agent: 'discovery' })).toMatchObject({ outcome: 'ok' });
    await killAgent();
    await letEnd('two');
    await startAgent();
    await eventually(() => expect(second.outcomes()).toEqual(['ok']), longMs);
    expect(first.outcomes()).toEqual(['interrupted']);
    expect((await ledger()).filter((line) => line === 'begin two')).toHaveLength(1);
  });

  it('between journal and reply sends the reply after its restart', async () => {
    await startAgent();
    const { bytes, outcomes } = await work('one');
    await eventually(async () => expect(await ledger()).toEqual(['begin one']), longMs);
    // A broker that stands still takes no reply.
    process.kill(broker.pid, 'SIGSTOP');
    try {
      await letEnd('one');
      await eventually(
        async () => expect(await readFile(state('requests.journal'), 'utf8')).toContain('"kind":"verdict"'),
        longMs,
      );
      await killAgent();
    } finally {
      process.kill(broker.pid, 'SIGCONT');
    }
    await startAgent();
    await eventually(() => expect(outcomes()).toContain('ok'), longMs);
    await asker.sendBytes(bytes, { target: node });
    await eventually(() => expect(outcomes().length).toBeGreaterThan(1), longMs);
    expect(new Set(outcomes())).toEqual(new Set(['ok']));
    expect(await ledger()).toEqual(['begin one', 'end one']);
  });

  it('after the reply answers the same when the request comes again', async () => {
    await startAgent();
    const { bytes, outcomes } = await work('one');
    await eventually(async () => expect(await ledger()).toEqual(['begin one']), longMs);
    await letEnd('one');
    await eventually(() => expect(outcomes()).toEqual(['ok']), longMs);
    await killAgent();
    await startAgent();
    await asker.sendBytes(bytes, { target: node });
    await eventually(() => expect(outcomes().length).toBeGreaterThan(1), longMs);
    expect(new Set(outcomes())).toEqual(new Set(['ok']));
    expect(await ledger()).toEqual(['begin one', 'end one']);
  });

  it('leaves a command that it started in the background alone, and finds it again', async () => {
    await startAgent();
    const start = {
      agent: 'shell',
      action: 'start',
      inputs: { command: `until [ -e "${state('go')}" ]; do sleep 0.1; done; echo done` },
    };
    const { data } = await asker.ask(node, start);
    const status = () =>
      asker.ask(node, { agent: 'shell', action: 'status', inputs: { handle: data['handle'] ?? '' } });
    await killAgent();
    await startAgent();
    expect((await status()).data).toMatchObject({ status: 'running' });
    await killAgent();
    await writeFile(state('go'), '');
    await startAgent();
    await eventually(
      async () => expect((await status()).data).toMatchObject({ status: 'stopped', exitcode: 0, stdout: 'done\n' }),
      longMs,
    );
  });
});
