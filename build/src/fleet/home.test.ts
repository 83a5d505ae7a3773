import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap } from '@muster/protocol/errors';
import { brokerSection, loadCredentials, trustSection } from '@muster/runtime/config';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { generateNodes } from './generated-nodes.ts';
import { prepareHome, writeConsole, writeNode } from './home.ts';

const amqp = 'amqps://127.0.0.1:25671';
const shared = z.object({ broker: brokerSection, trust: trustSection });
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster home '));
});
afterEach(() => rm(folder, { recursive: true }));

async function prepared(): Promise<{ consoleFile: string; agentFile: string }> {
  const home = await prepareHome(folder, { clock: () => Date.now(), nodes: [], sharesConnections: false });
  await writeConsole(home, { amqp, collectives: ['muster'] });
  const [node] = generateNodes({ count: 1, seed: 1, collectives: ['muster'] });
  if (node === undefined) throw new Error('no node was generated');
  const { configFile } = await writeNode(home, node, { amqp, sharesConnection: false });
  return { consoleFile: join(folder, 'console.yaml'), agentFile: configFile };
}

test('console and agents can load what their configurations name, and believe each other', async () => {
  const { consoleFile, agentFile } = await prepared();
  for (const file of [consoleFile, agentFile]) {
    const { broker, trust } = shared.parse(parse(await readFile(file, 'utf8')));
    const loaded = unwrap(await loadCredentials({ file, broker, trust, connectionName: 'test', clock: Date.now }));
    const bytes = new TextEncoder().encode('signed');
    const signature = await loaded.signer.sign(bytes);
    const principal = unwrap(await loaded.verifier.verify(loaded.signer.certificate, bytes, signature, Date.now()));
    expect(principal.role).toBe(file === consoleFile ? 'person' : 'node');
  }
});

test('a second set-up keeps all keys', async () => {
  await prepared();
  const secrets = (await readdir(folder, { recursive: true })).filter((name) => /\.(key|pem)$/.test(name));
  expect(secrets.length).toBeGreaterThanOrEqual(8);
  const texts = () => Promise.all(secrets.map((name) => readFile(join(folder, name), 'utf8')));
  const before = await texts();
  await prepared();
  expect(await texts()).toEqual(before);
});

test('nobody but the owner may read any of it', async () => {
  await prepared();
  for (const name of await readdir(folder, { recursive: true })) {
    expect((await stat(join(folder, name))).mode & 0o077, name).toBe(0);
  }
});
