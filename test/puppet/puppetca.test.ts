import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgentBench, type AgentBench } from '../support/agent/agent-bench.ts';
import { freePort } from './free-port.ts';
import { startPuppetServer, type PrivatePuppetServer } from './private-puppetserver.ts';
import { makePuppetNode } from './puppet-node.ts';

// The agent puppetca on the authority of a real Puppet Server, which signs nothing by itself.

const run = promisify(execFile);
const [node, cutOff] = ['ca.example.com', 'cut-off.example.com'];
const own = 'puppetserver.test';
const [first, second] = ['web1.example.com', 'web2.example.com'];
let server: PrivatePuppetServer;
let bench: AgentBench;
/** What has been started, to be stopped in reverse. */
const started: (() => Promise<void>)[] = [];

/** Has a node's Puppet ask for a certificate. */
async function submitRequest(name: string): Promise<void> {
  const { config } = await makePuppetNode(join(server.folder, 'nodes', name), name, server.port);
  await run('puppet', ['ssl', 'submit_request', '--config', config]);
}

/** Starts an agent that looks after the authority and takes its server to be at that port. */
async function startNode(identity: string, port: number): Promise<void> {
  const cadir = join(server.folder, 'ca');
  const config = join(server.folder, `${identity}.conf`);
  // As the server itself: its certificate is the one that may command the authority.
  const lines = ['[main]', `certname = ${own}`, 'server = localhost', `serverport = ${port}`];
  await writeFile(config, [...lines, `ssldir = ${join(server.folder, 'ssl')}`, `cadir = ${cadir}`, ''].join('\n'));
  await bench.start(identity, { pluginSettings: { puppetca: JSON.stringify({ cadir, config }) } });
}

beforeAll(async () => {
  server = await startPuppetServer({ autosign: false });
  started.push(() => server.stop());
  bench = await createAgentBench();
  started.push(() => bench.close());
  await startNode(node, server.port);
  await startNode(cutOff, await freePort());
  await submitRequest(first);
  await submitRequest(second);
}, 900_000);
afterAll(async () => {
  for (const stop of started.reverse()) await stop();
}, 120_000);

const ask = (action: string, certname?: string, target = node) =>
  bench.asker.ask(target, { agent: 'puppetca', action, inputs: certname === undefined ? {} : { certname } });
const statusOf = async (query: string) => {
  const { data } = await bench.asker.ask(node, { action: 'get_data', inputs: { source: 'puppetca', query } });
  expect(await ask('status', query)).toMatchObject({ outcome: 'ok', data: { msg: data['status'] } });
  return data['status'];
};
const serialOf = async (file: string) => new X509Certificate(await readFile(file)).serialNumber;
const revoked = async () => {
  const list = ['crl', '-noout', '-text', '-in', join(server.folder, 'ca/ca_crl.pem')];
  const { stdout } = await run('openssl', list);
  return [...stdout.matchAll(/Serial Number: (\w+)/g)].map(([, serial]) => serial);
};

describe('puppetca on a real authority', () => {
  it('lists what waits and what is signed', async () => {
    expect(await ask('list')).toMatchObject({
      outcome: 'ok',
      data: { requests: [first, second], signed: [own] },
    });
    expect(await statusOf(first)).toBe('waiting');
    expect(await statusOf(own)).toBe('signed');
    expect(await statusOf('web3.example.com')).toBe('missing');
  });

  it('says that no server answers', async () => {
    const reply = await ask('sign', first, cutOff);
    expect(reply).toMatchObject({ outcome: 'failed', statusCode: 1 });
    expect(reply.statusMessage).toMatch(/^puppetserver ca sign failed with exit code 1: .*Failed connecting to https:/);
    expect(await statusOf(first)).toBe('waiting');
  }, 120_000);

  it('signs, once', async () => {
    expect(await ask('sign', first)).toMatchObject({
      outcome: 'ok',
      data: { out: `Successfully signed certificate request for ${first}` },
    });
    expect(await statusOf(first)).toBe('signed');
    expect(await ask('sign', first)).toMatchObject({
      outcome: 'failed',
      statusCode: 1,
      statusMessage: `${first} is already signed`,
    });
  }, 120_000);

  it('revokes, and leaves the certificate', async () => {
    const serial = await serialOf(join(server.folder, 'ca/signed', `${first}.pem`));
    expect(await revoked()).not.toContain(serial);
    expect(await ask('revoke', first)).toMatchObject({
      outcome: 'ok',
      data: { out: `Certificate for ${first} has been revoked` },
    });
    expect(await revoked()).toContain(serial);
    expect(await statusOf(first)).toBe('signed');
  }, 120_000);

  it('cleans a certificate and a request', async () => {
    expect(await ask('clean', first)).toMatchObject({
      outcome: 'ok',
      data: { out: `Certificate for ${first} has been revoked\nCleaned files related to ${first}` },
    });
    expect(await ask('clean', second)).toMatchObject({
      outcome: 'ok',
      data: { out: `Cleaned files related to ${second}` },
    });
    expect(await ask('list')).toMatchObject({ data: { requests: [], signed: [own] } });
    expect(await ask('clean', first)).toMatchObject({ statusMessage: `There is no certificate of ${first}` });
  }, 120_000);
});
