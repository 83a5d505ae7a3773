import { createHash } from 'node:crypto';
import {
  authorityExchange,
  authorityQueueName,
  enrolmentExchange,
  enrolmentExchanges,
  enrolmentQueueName,
  exchangeKinds,
  exchangeName,
  nodePermissions,
  nodeQueueName,
  personPermissions,
  registryQueueName,
  replyQueueName,
  undeliveredExchange,
  undeliveredKey,
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
    expect(definitions.exchanges.map(({ name, type }) => [name, type])).toEqual([
      [undeliveredExchange, 'topic'],
      ...Object.entries(enrolmentExchanges),
      ...expected,
    ]);
    expect(definitions.exchanges.every(({ durable, auto_delete }) => durable && !auto_delete)).toBe(true);
    // To an internal exchange the broker alone writes.
    expect(definitions.exchanges.filter(({ internal }) => internal).map(({ name }) => name)).toEqual([
      undeliveredExchange,
    ]);
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
    for (const user of ['muster-node', 'person.alice']) {
      expect(allows(user, 'write', undeliveredExchange)).toBe(false);
      expect(allows(user, 'configure', undeliveredExchange)).toBe(false);
    }
    expect(allows('muster-node', 'read', undeliveredExchange)).toBe(false);
    expect(allows('person.alice', 'read', undeliveredExchange)).toBe(true);
    const ofCollectives = definitions.exchanges.filter(
      ({ name, internal }) => !internal && !(name in enrolmentExchanges),
    );
    for (const { name } of ofCollectives) {
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

  test('let everybody ask the authority, hear their own answers alone, and be nobody else to it', () => {
    const users = { 'muster-node': ['node', 'web01.example.com'], 'person.alice': ['person', 'alice'] } as const;
    for (const [user, [role, name]] of Object.entries(users)) {
      const permission = definitions.permissions.find((one) => one.user === user);
      const allows = (kind: 'configure' | 'write' | 'read', what: string) =>
        new RegExp(permission?.[kind] ?? '').test(what);
      expect([allows('write', authorityExchange), allows('read', authorityExchange)]).toEqual([true, false]);
      expect([allows('write', enrolmentExchange), allows('read', enrolmentExchange)]).toEqual([false, true]);
      const topic = definitions.topic_permissions.find(
        (one) => one.user === user && one.exchange === enrolmentExchange,
      );
      const own = enrolmentQueueName(role, name, requestId);
      for (const queue of [own, enrolmentQueueName('join', name, requestId), authorityQueueName]) {
        for (const kind of ['configure', 'write', 'read'] as const) expect(allows(kind, queue)).toBe(queue === own);
        expect(new RegExp(topic?.read ?? '').test(queue)).toBe(queue === own);
      }
    }
  });

  test('let a person bind the keys of their own requests alone, and nodes none', () => {
    const binds = (user: string, exchange: string, key: string) => {
      const topic = definitions.topic_permissions.find((one) => one.user === user && one.exchange === exchange);
      return topic === undefined || new RegExp(topic.read).test(key);
    };
    const keys = [
      [undeliveredExchange, undeliveredKey],
      ...collectives.map((collective) => [exchangeName(collective, 'reply'), replyQueueName] as const),
    ] as const;
    for (const [exchange, keyOf] of keys) {
      expect(binds('person.alice', exchange, keyOf('alice', requestId)), exchange).toBe(true);
      const others = ['#', '*.*.*', 'reply.#', 'undelivered.alice.*', 'reply.alice.#', 'reply.alice.*'];
      for (const key of [...others, keyOf('bob', requestId), keyOf('alice.bob', requestId), '']) {
        expect(binds('person.alice', exchange, key), `${exchange} ${key}`).toBe(false);
      }
    }
    for (const collective of collectives) {
      expect(binds('muster-node', exchangeName(collective, 'reply'), replyQueueName('alice', requestId))).toBe(false);
    }
  });

  test('bring back what dies in the queue of a node, and in no other', () => {
    const [policy, ...others] = definitions.policies;
    expect(others).toEqual([]);
    expect(policy).toMatchObject({ 'apply-to': 'queues', definition: { 'dead-letter-exchange': undeliveredExchange } });
    const covers = (name: string) => new RegExp(policy?.pattern ?? '').test(name);
    expect(covers(nodeQueueName('web01.example.com'))).toBe(true);
    expect(covers(replyQueueName('alice', requestId)) || covers('x.node.web01')).toBe(false);
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
