import { createHash } from 'node:crypto';
import {
  exchangeKinds,
  exchangeName,
  nodePermissions,
  nodeQueueName,
  personPermissions,
  registryQueueName,
  replyQueueName,
  type ExchangePurpose,
} from '@muster/protocol/topology';
import { describe, expect, test } from 'vitest';
import { brokerDefinitions, passwordHash, rabbitmqConf } from './index.ts';

const collectives = ['muster', 'web-team'];
const requestId = '0123456789abcdef0123456789abcdef';
const fixedBytes = (count: number) => new Uint8Array(count).fill(7);
const definitions = brokerDefinitions({
  collectives,
  accounts: {
    nodePassword: 'of-nodes',
    persons: [
      { name: 'alice', password: 'of-alice' },
      { name: 'bob', password: 'of-bob' },
    ],
  },
  randomBytes: fixedBytes,
});

describe('definitions', () => {
  test('hold every exchange of the topology for every collective, and no other', () => {
    const purposes = Object.keys(exchangeKinds) as ExchangePurpose[]; // Object.keys forgets that the keys are these
    const expected = collectives.flatMap((collective) =>
      purposes.map((purpose) => [exchangeName(collective, purpose), exchangeKinds[purpose]]),
    );
    expect(definitions.exchanges.map(({ name, type }) => [name, type])).toEqual(expected);
    expect(
      definitions.exchanges.every(({ durable, internal, auto_delete }) => durable && !internal && !auto_delete),
    ).toBe(true);
  });

  test('give each user the permissions of the topology, and make no other user', () => {
    expect(definitions.users.map(({ name }) => name)).toEqual(['muster-node', 'person.alice', 'person.bob']);
    expect(definitions.users.every(({ tags }) => tags.length === 0)).toBe(true);
    expect(definitions.permissions).toEqual([
      { user: 'muster-node', vhost: '/', ...nodePermissions(collectives) },
      { user: 'person.alice', vhost: '/', ...personPermissions('alice', collectives) },
      { user: 'person.bob', vhost: '/', ...personPermissions('bob', collectives) },
    ]);
  });

  test('let parties do what they must by name, and nothing beyond', () => {
    const allows = (user: string, kind: 'configure' | 'write' | 'read', name: string) => {
      const permission = definitions.permissions.find((one) => one.user === user);
      return permission !== undefined && new RegExp(permission[kind]).test(name);
    };
    const own = nodeQueueName('web01.example.com');
    const replies = replyQueueName('alice', requestId);
    for (const kind of ['configure', 'write', 'read'] as const) {
      expect(allows('muster-node', kind, own)).toBe(true);
      expect(allows('muster-node', kind, replies)).toBe(false);
      expect(allows('person.alice', kind, replies)).toBe(true);
      expect(allows('person.alice', kind, registryQueueName('alice', 'c0ffee'))).toBe(true);
      expect(allows('person.bob', kind, replies)).toBe(false);
      expect(allows('person.alice', kind, own)).toBe(false);
    }
    for (const { name } of definitions.exchanges) {
      const purpose = name.split('.').at(-1) ?? '';
      const forRequests = purpose === 'broadcast' || purpose === 'directed';
      expect(allows('muster-node', 'write', name), name).toBe(!forRequests);
      expect(allows('muster-node', 'read', name), name).toBe(forRequests);
      expect(allows('person.alice', 'write', name), name).toBe(forRequests);
      expect(allows('person.alice', 'read', name), name).toBe(!forRequests);
      expect(allows('person.alice', 'configure', name) || allows('muster-node', 'configure', name), name).toBe(false);
    }
    for (const name of [
      '',
      'amq.default',
      'amq.topic',
      'other.reply',
      'muster.replyx',
      'xmuster.reply',
      'muster-reply',
    ]) {
      expect(allows('muster-node', 'write', name), name).toBe(false);
      expect(allows('person.alice', 'write', name), name).toBe(false);
    }
  });

  test('hold no password in the clear', () => {
    expect(JSON.stringify(definitions)).not.toMatch(/of-nodes|of-alice|of-bob/);
    const decoded = Buffer.from(passwordHash('secret', fixedBytes), 'base64');
    const salt = Buffer.from(fixedBytes(4));
    expect(decoded).toEqual(Buffer.concat([salt, createHash('sha256').update(salt).update('secret').digest()]));
  });
});

describe('rabbitmq.conf', () => {
  const lines = rabbitmqConf({ listener: '5671', folder: '/etc/rabbitmq', diskFreeLimitBytes: 1 }).split('\n');

  test('opens the TLS listener alone, for clients with certificates', () => {
    expect(lines.filter((line) => line.startsWith('listeners'))).toEqual([
      'listeners.tcp = none',
      'listeners.ssl.1 = 5671',
    ]);
    expect(lines).toContain('ssl_options.verify = verify_peer');
    expect(lines).toContain('ssl_options.fail_if_no_peer_cert = true');
  });

  test('allows TLS 1.2 and 1.3 with authenticated encryption and forward secrecy', () => {
    const values = (prefix: string) =>
      lines.filter((line) => line.startsWith(prefix)).map((line) => line.split(' = ')[1]);
    expect(values('ssl_options.versions')).toEqual(['tlsv1.3', 'tlsv1.2']);
    for (const suite of values('ssl_options.ciphers')) expect(suite).toMatch(/^(TLS_|ECDHE-).*(GCM|POLY1305)/);
  });
});
