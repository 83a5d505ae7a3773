import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgentBench, type AgentBench } from '../../../../test/support/agent/agent-bench.ts';
import { describeInjections } from '../../../../test/support/agent/injections.ts';
import { createUncheckedAgent, type UncheckedAgent } from '../../../../test/support/agent/unchecked-agent.ts';
import { puppetca } from './index.ts';

// Of an authority's folder only the names of files are read. A real one, with its Puppet Server, is in `npm run test:puppet`.

const [ca, talkative, failing, bare, unset] = ['ca', 'talkative', 'failing', 'bare', 'unset'].map(
  (name) => `${name}.example.com`,
) as [string, string, string, string, string];
const nothing = '/no/such/authority';
let bench: AgentBench;
let folder: string;
let unchecked: UncheckedAgent;

beforeAll(async () => {
  bench = await createAgentBench();
  folder = await mkdtemp(join(tmpdir(), 'muster-puppetca-'));
  for (const name of ['signed', 'requests']) await mkdir(join(folder, name));
  for (const name of ['signed/web2.example.com.pem', 'signed/ca.example.com.pem', 'signed/note.txt'])
    await writeFile(join(folder, name), '');
  for (const name of ['requests/db1.example.com.pem', 'requests/ca.example.com.pem'])
    await writeFile(join(folder, name), '');
  const settings = { cadir: folder, command: ['/no/such/puppetserver', 'ca'] };
  const start = (node: string, more: Readonly<Record<string, unknown>>) =>
    bench.start(node, { pluginSettings: { puppetca: JSON.stringify({ ...settings, ...more }) } });
  await start(ca, {});
  await start(talkative, { command: ['/bin/echo', 'ca'], config: '/etc/puppet.conf' });
  await start(failing, { command: ['/bin/false', 'cert'] });
  await start(bare, { cadir: nothing });
  await start(unset, { cadir: nothing, activate: true });
  unchecked = await createUncheckedAgent(puppetca, settings);
});
afterAll(async () => {
  await unchecked.close();
  await bench.close();
  await rm(folder, { recursive: true });
});

const ask = (action: string, certname?: string, node: string = ca) =>
  bench.asker.ask(node, { agent: 'puppetca', action, inputs: certname === undefined ? {} : { certname } });

describe('the folder of an authority', () => {
  it('is listed, in order', async () => {
    expect(await ask('list')).toMatchObject({
      outcome: 'ok',
      data: {
        signed: ['ca.example.com', 'web2.example.com'],
        requests: ['ca.example.com', 'db1.example.com'],
      },
    });
  });

  it.each([
    ['web2.example.com', 'signed'],
    ['db1.example.com', 'waiting'],
    // A new request does not make its certificate invalid.
    ['ca.example.com', 'signed'],
    ['web3.example.com', 'missing'],
  ])('says that %s is %s', async (certname, status) => {
    expect(await ask('status', certname)).toMatchObject({ outcome: 'ok', data: { msg: status } });
    const inputs = { source: 'puppetca', query: certname };
    expect(await bench.asker.ask(ca, { action: 'get_data', inputs })).toMatchObject({
      outcome: 'ok',
      data: { status },
    });
  });

  it('makes a node have the agent and the data plugin, and so do the settings', async () => {
    expect(await ask('list', undefined, bare)).toMatchObject({ outcome: 'invalid' });
    const inputs = { source: 'puppetca', query: 'web2.example.com' };
    expect((await bench.asker.ask(bare, { action: 'get_data', inputs })).outcome).not.toBe('ok');
    const reason = { outcome: 'failed', statusCode: 1, statusMessage: `There is no Puppet authority in ${nothing}` };
    for (const action of ['status', 'sign']) expect(await ask(action, 'web2.example.com', unset)).toMatchObject(reason);
  });
});

describe('puppetca', () => {
  it.each([
    ['sign', 'web2.example.com', 'web2.example.com is already signed'],
    ['sign', 'web3.example.com', 'There is no request from web3.example.com'],
    ['revoke', 'db1.example.com', 'db1.example.com is not signed'],
    ['revoke', 'web3.example.com', 'There is no certificate of web3.example.com'],
    ['clean', 'web3.example.com', 'There is no certificate of web3.example.com'],
  ])('does not ask the server to %s %s', async (action, certname, statusMessage) => {
    const reply = { outcome: 'failed', statusCode: 1, statusMessage, data: { out: '' } };
    expect(await ask(action, certname)).toMatchObject(reply);
  });

  it('says that the command is missing', async () => {
    expect(await ask('sign', 'db1.example.com')).toMatchObject({
      statusCode: 1,
      statusMessage: '/no/such/puppetserver cannot be started: spawn /no/such/puppetserver ENOENT',
    });
  });

  it('says that a command failed', async () => {
    expect(await ask('clean', 'db1.example.com', failing)).toMatchObject({
      statusCode: 1,
      statusMessage: '/bin/false cert clean failed with exit code 1: it said nothing',
    });
  });

  it('takes nothing for done that is not', async () => {
    expect(await ask('sign', 'db1.example.com', talkative)).toMatchObject({
      statusCode: 1,
      statusMessage: '/bin/echo ca sign did not fail, but db1.example.com is waiting in the folder of the authority',
      data: { out: 'ca sign --certname db1.example.com --config /etc/puppet.conf' },
    });
    expect(await ask('clean', 'web2.example.com', talkative)).toMatchObject({
      statusMessage: '/bin/echo ca clean did not fail, but web2.example.com is signed in the folder of the authority',
    });
  });

  it.each(['-a', '--all', '.a', 'a..b', 'a.', '../signed/a', 'a/b', 'a,b', 'A', 'a b', '', 'a'.repeat(101)])(
    'takes %j for no name, with or without its DDL',
    async (name) => {
      for (const action of ['sign', 'revoke', 'clean', 'status']) {
        expect(await ask(action, name)).toMatchObject({ outcome: 'invalid' });
        expect(await unchecked.perform(action, { certname: name })).toMatchObject({
          statusCode: 4,
          message: 'This is no name of a certificate',
        });
      }
    },
  );
});

describeInjections('puppetca and shells', {
  ddl: puppetca.ddl,
  ask: (action, inputs) => ask(action, String(inputs['certname']), talkative),
  harmless: { certname: 'db1.example.com' },
});

describeInjections('puppetca without the checks of its DDL', {
  ddl: puppetca.ddl,
  ask: (action, inputs) => unchecked.perform(action, inputs),
  harmless: { certname: 'db1.example.com' },
});
