import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap } from '@muster/protocol/errors';
import { followRegister } from '@muster/runtime/authority';
import { randomBytes } from '@muster/runtime/crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { generateBrokerFiles, type GenerateOptions } from './index.ts';

let out = '';
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'muster broker files '));
});
afterEach(() => rm(out, { recursive: true }));

const generate = (
  hosts = ['broker.example.com', '10.0.0.5'],
  {
    cluster = false,
    sites = null,
    passwords = false,
  }: Partial<Pick<GenerateOptions, 'cluster' | 'sites' | 'passwords'>> = {},
) =>
  generateBrokerFiles({
    out,
    collectives: ['muster'],
    hosts,
    cluster,
    sites,
    passwords,
    persons: ['alice'],
    folder: '/etc/rabbitmq',
    listener: '5671',
    clock: () => Date.now(),
    randomBytes,
  });
const text = (...path: string[]) => readFile(join(out, ...path), 'utf8');

test('all that the configuration names is there, and readable by its owner alone', async () => {
  await generate();
  const configuration = (await text('broker', 'rabbitmq.conf')) + (await text('broker', 'advanced.config'));
  const named = [...configuration.matchAll(/\/etc\/rabbitmq\/([\w.]+)/g)].map((match) => match[1] ?? '');
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
  const again = () => generate(undefined, { passwords: true });
  await again();
  const kept = [
    'authority/ca.pem',
    'authority/ca.key',
    'persons/alice.key',
    'passwords/muster-node',
    'passwords/person.alice',
  ];
  const texts = () => Promise.all(kept.map((file) => text(file)));
  const before = await texts();
  await again();
  expect(await texts()).toEqual(before);
});

test('what is issued is in the register of the authority, and what it took back is with the broker', async () => {
  await generate();
  const issued = unwrap(await followRegister(join(out, 'authority', 'register.jsonl')).read());
  expect(issued.map(({ role, name }) => [role, name])).toEqual([
    ['person', 'alice'],
    ['broker', 'broker.example.com'],
  ]);
  const lists = (await readdir(join(out, 'broker'))).filter((name) => /^[0-9a-f]{8}\.r0$/.test(name));
  expect(lists).toHaveLength(1);
  expect(await text('broker', lists[0] ?? '')).toBe(await text('authority', 'crl.pem'));
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
  await generate(hosts, { cluster: true });
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

describe('two sites', () => {
  const sites = [
    { name: 'north', hosts: ['b.north.example.com', '10.1.0.5'] },
    { name: 'south', hosts: ['b.south.example.com'] },
  ] as const;
  const parameterOf = async (site: string, component: string) => {
    const definitions = JSON.parse(await text('broker', site, 'definitions.json')) as {
      readonly parameters: readonly { readonly component: string; readonly value: Readonly<Record<string, string>> }[];
    };
    return definitions.parameters.find((parameter) => parameter.component === component)?.value ?? {};
  };

  test('reach each other by the first name, over TLS, with a certificate that is good for nothing else', async () => {
    await generate([], { sites });
    const uri = new URL((await parameterOf('north', 'federation-upstream'))['uri'] ?? '');
    expect(uri).toMatchObject({ protocol: 'amqps:', host: 'b.south.example.com:5671', username: '' });
    expect(Object.fromEntries(uri.searchParams)).toMatchObject({
      verify: 'verify_peer',
      server_name_indication: 'b.south.example.com',
      cacertfile: '/etc/rabbitmq/ca.pem',
      certfile: '/etc/rabbitmq/link.pem',
      keyfile: '/etc/rabbitmq/link.key',
    });
    expect((await parameterOf('north', 'shovel'))['src-uri']).toBe(uri.href);
    const link = new X509Certificate(await text('broker', 'north', 'link.pem'));
    expect(link.subject).toBe('O=Muster\nOU=broker\nCN=north');
    expect(link.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    const broker = new X509Certificate(await text('broker', 'north', 'broker.pem'));
    expect(broker.checkIP('10.1.0.5')).toBe('10.1.0.5');
    expect(broker.checkHost('b.south.example.com')).toBeUndefined();
  });

  test('know each other by these certificates, and there is no password', async () => {
    await generate([], { sites });
    expect(await readdir(join(out, 'passwords'))).toEqual([]);
    for (const { name } of sites) {
      const definitions = await text('broker', name, 'definitions.json');
      expect(definitions).not.toMatch(/"password_hash": "[^"]/);
      expect(await text('broker', name, 'rabbitmq.conf')).not.toContain('PLAIN');
    }
    expect(await text('broker', 'south', 'definitions.json')).toContain('"CN=north,OU=broker,O=Muster"');
  });

  test('have the plugins, and names of their own', async () => {
    await generate([], { sites });
    for (const { name } of sites) {
      expect(await text('broker', name, 'enabled_plugins')).toBe(
        '[rabbitmq_auth_mechanism_ssl,rabbitmq_federation,rabbitmq_shovel].\n',
      );
      expect(await text('broker', name, 'rabbitmq.conf')).toContain(`\ncluster_name = ${name}\n`);
      for (const file of await readdir(join(out, 'broker', name))) {
        expect((await stat(join(out, 'broker', name, file))).mode & 0o077, file).toBe(0);
      }
    }
  });
});
