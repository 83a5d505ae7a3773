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
import { createPuppetHome, type PuppetHome } from '../../support/puppet/puppet-home.ts';
import { startTestBroker, type TestBroker } from '../../support/test-broker.ts';

const main = fileURLToPath(new URL('../../../agent/bin/muster-agent.mjs', import.meta.url));
const plugins = fileURLToPath(new URL('../../support/agent/plugins', import.meta.url));
const longMs = 60_000;
/** Each test has a node of its own. */
const mostNodes = 20;

let broker: TestBroker;
let home: TestHome;
let puppet: PuppetHome;
let bus: Bus;
let asker: Asker;
let node: string;
let folder: string;
let agent: ChildProcess | undefined;
let count = 0;

beforeAll(async () => {
  broker = await startTestBroker({
    nodes: Array.from({ length: mostNodes }, (_, index) => `web${index + 1}.example.com`),
  });
  home = await createTestHome(broker.authority);
  puppet = await createPuppetHome();
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
  await puppet.remove();
});

beforeEach(async () => {
  node = `web${++count}.example.com`;
  const config = await home.addNode(node, {
    broker: broker.url,
    yaml: 'plugins: { folders: [plugins], activate: false }\nlimits: { concurrent_actions: 1 }',
    pluginSettings: {
      ledger: 'activate: true',
      shell: 'activate: true',
      puppet: JSON.stringify({ activate: true, ...puppet.places, mode: 'apply', manifest: puppet.manifest }),
      tasks: JSON.stringify({ activate: true, module_paths: [join(home.folder, 'modules')] }),
    },
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
    await eventually(() => expect(first.outcomes()).toEqual(['interrupted']), longMs);
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

  it('leaves tasks that it started alone, also one whose end was waited for, and tells of them', async () => {
    const tasks = join(home.folder, 'modules', 'held', 'tasks');
    await mkdir(tasks, { recursive: true });
    await writeFile(
      join(tasks, 'init.sh'),
      '#!/bin/sh\necho "begun $PT_name"; until [ -e "$PT_go" ]; do sleep 0.1; done; echo done; exit "$PT_code"\n',
    );
    const inputs = (name: string, code: number) => ({ task: 'held', input: { name, code, go: state('go') } });
    const status = (id: string) => asker.ask(node, { agent: 'tasks', action: 'task_status', inputs: { task_id: id } });
    const begun = (id: string, name: string) =>
      eventually(
        async () => expect((await status(id)).data).toMatchObject({ completed: false, stdout: `begun ${name}\n` }),
        longMs,
      );
    await startAgent();
    const started = await asker.ask(node, { agent: 'tasks', action: 'run_no_wait', inputs: inputs('one', 0) });
    expect(started).toMatchObject({ outcome: 'ok', data: { task_id: started.requestId } });
    const first = started.requestId;
    await begun(first, 'one');
    const waited = asker.request({ target: node, agent: 'tasks', action: 'run_and_wait', inputs: inputs('two', 3) });
    await asker.send(waited);
    const second = waited.requestId;
    const output = state('agents', 'tasks', 'spool', second, 'stdout');
    await eventually(async () => expect(await readFile(output, 'utf8')).toBe('begun two\n'), longMs);
    await killAgent();
    await startAgent();
    const outcomes = () => asker.replies.filter(({ requestId }) => requestId === second).map(({ outcome }) => outcome);
    await eventually(() => expect(outcomes()).toEqual(['interrupted']), longMs);
    await begun(first, 'one');
    await begun(second, 'two');
    await killAgent();
    await writeFile(state('go'), '');
    await startAgent();
    const ended = (id: string, name: string, exitcode: number) =>
      eventually(
        async () =>
          expect((await status(id)).data).toMatchObject({
            task: 'held',
            callerid: 'cert=demo',
            completed: true,
            exitcode,
            stdout: `begun ${name}\ndone\n`,
          }),
        longMs,
      );
    await ended(first, 'one', 0);
    await ended(second, 'two', 3);
  });

  it('leaves a run of Puppet that it began alone, and begins no other meanwhile', async () => {
    const [begun, go, done] = [puppet.at('begun'), puppet.at('go'), puppet.at('done')];
    await puppet.writeManifest(`
      exec { "/bin/sh -c 'touch \\"${begun}\\"; until [ -e \\"${go}\\" ]; do sleep 0.1; done'": }
      -> file { '${done}': content => 'done' }
    `);
    const ask = (action: string, inputs = {}) => asker.ask(node, { agent: 'puppet', action, inputs });
    const isApplying = async () => (await ask('status')).data['applying'];
    await startAgent();
    expect(await ask('runonce', { force: true })).toMatchObject({ outcome: 'ok' });
    await eventually(async () => expect(await readFile(begun, 'utf8')).toBe(''), longMs);
    await killAgent();
    await startAgent();
    expect(await isApplying()).toBe(true);
    expect(await ask('runonce', { force: true })).toMatchObject({
      outcome: 'failed',
      statusMessage: 'Puppet is currently applying a catalog, cannot run now',
    });
    await killAgent();
    await writeFile(go, '');
    await eventually(async () => expect(await readFile(done, 'utf8')).toBe('done'), longMs);
    await startAgent();
    await eventually(async () => expect(await isApplying()).toBe(false), longMs);
  });
});
