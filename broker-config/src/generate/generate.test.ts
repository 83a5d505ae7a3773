import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from '@muster/runtime/crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { generateBrokerFiles } from './index.ts';

let out = '';
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'muster broker files '));
});
afterEach(() => rm(out, { recursive: true }));

const generate = (hosts = ['broker.example.com', '10.0.0.5'], cluster = false) =>
  generateBrokerFiles({
    out,
    collectives: ['muster'],
    hosts,
    cluster,
    persons: ['alice'],
    folder: '/etc/rabbitmq',
    listener: '5671',
    clock: () => Date.now(),
    randomBytes,
  });
const text = (...path: string[]) => readFile(join(out, ...path), 'utf8');

test('all that the configuration names is there, and readable by its owner alone', async () => {
  await generate();
  const configuration = await text('broker', 'rabbitmq.conf');
  const named = [...configuration.matchAll(/ = \/etc\/rabbitmq\/(\S+)/g)].map((match) => match[1] ?? '');
  expect(named.toSorted()).toEqual(['broker.key', 'broker.pem', 'ca.pem', 'definitions.json']);
  for (const file of named) expect((await stat(join(out, 'broker', file))).mode & 0o077).toBe(0);
  expect(await readdir(join(out, 'broker'))).not.toContain('ca.key');
});

test('the certificates fit the hosts and the people', async () => {
  await generate();
  const authority = new X509Certificate(await text('authority', 'ca.pem'));
  const broker = new X509Certificate(await text('broker', 'broker.pem'));
  const person = new X509Certificate(await text('persons', 'alice.pem'));
  expect(broker.checkHost('broker.example.com')).toBe('broker.example.com');
  expect(broker.checkIP('10.0.0.5')).toBe('10.0.0.5');
  expect(person.subject).toBe('O=Muster\nOU=person\nCN=alice');
  for (const certificate of [broker, person]) expect(certificate.verify(authority.publicKey)).toBe(true);
});

test('written again it keeps authority, people and passwords', async () => {
  await generate();
  const kept = [
    'authority/ca.pem',
    'authority/ca.key',
    'persons/alice.key',
    'passwords/muster-node',
    'passwords/person.alice',
  ];
  const texts = () => Promise.all(kept.map((file) => text(file)));
  const before = await texts();
  await generate();
  expect(await texts()).toEqual(before);
});

test('the compose file publishes the listener and mounts the folder of the broker', async () => {
  await generate();
  const compose = await readFile(new URL('../../compose.yaml', import.meta.url), 'utf8');
  const [port = ''] = /^listeners\.ssl\.1 = (\d+)$/m.exec(await text('broker', 'rabbitmq.conf'))?.slice(1) ?? [];
  expect(compose).toContain(`'${port}:${port}'`);
  expect(compose).toContain('./files/broker:/etc/rabbitmq:ro');
});

test('the brokers of a cluster find each other, share one secret and have a certificate each', async () => {
  const hosts = ['b1.example.com', 'b2.example.com', 'b3.example.com'];
  await generate(hosts, true);
  const cookies = await Promise.all(hosts.map((host) => text('broker', host, 'erlang.cookie')));
  expect(new Set(cookies).size).toBe(1);
  expect(cookies[0]?.length).toBeGreaterThanOrEqual(32);
  for (const host of hosts) {
    const configuration = await text('broker', host, 'rabbitmq.conf');
    for (const [index, other] of hosts.entries()) {
      expect(configuration).toContain(`cluster_formation.classic_config.nodes.${index + 1} = rabbit@${other}\n`);
    }
    expect(configuration).toContain('cluster_partition_handling = pause_minority\n');
    expect(await text('broker', host, 'rabbitmq-env.conf')).toBe(`NODENAME=rabbit@${host}\nUSE_LONGNAME=true\n`);
    const certificate = new X509Certificate(await text('broker', host, 'broker.pem'));
    expect(certificate.checkHost(host)).toBe(host);
    expect(await text('broker', host, 'definitions.json')).toBe(
      await text('broker', 'b1.example.com', 'definitions.json'),
    );
    for (const file of await readdir(join(out, 'broker', host))) {
      expect((await stat(join(out, 'broker', host, file))).mode & 0o077, file).toBe(0);
    }
  }
});
