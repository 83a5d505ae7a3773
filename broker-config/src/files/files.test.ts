import { createHash } from 'node:crypto';
import {
  authorityExchange,
  authorityQueueName,
  enrolmentExchange,
  enrolmentExchanges,
  enrolmentQueueName,
  exchangeName,
  exchangePurposes,
  lockQueueName,
  memberLimits,
  memberRights,
  nodeQueueName,
  registrationKey,
  registryQueueName,
  replyQueueName,
  seatQueueName,
  undeliveredExchange,
  undeliveredKey,
  type Member,
} from '@muster/protocol/topology';
import { describe, expect, test } from 'vitest';
import { advancedConfig, brokerDefinitions, memberUser, passwordHash, rabbitmqConf, readMemberUser } from './index.ts';

const collectives = ['muster', 'web-team'];
const requestId = '0123456789abcdef0123456789abcdef';
const fixedBytes = (count: number) => new Uint8Array(count).fill(7);
const web01: Member = { role: 'node', name: 'web01.example.com' };
const alice: Member = { role: 'person', name: 'alice' };
const bob: Member = { role: 'person', name: 'bob' };
const authority: Member = { role: 'authority', name: 'ca' };
const invitation: Member = { role: 'join', name: 'rack7' };
const members = [web01, alice, bob, authority, invitation];
const definitions = brokerDefinitions({
  collectives,
  accounts: {
    members,
    passwords: { nodePassword: 'of-nodes', persons: [{ name: 'alice', password: 'of-alice' }] },
  },
  randomBytes: fixedBytes,
});

type Right = 'configure' | 'write' | 'read';
const rights = ['configure', 'write', 'read'] as const;

const allowsUser = (user: string, right: Right, name: string): boolean => {
  const permission = definitions.permissions.find((one) => one.user === user);
  return permission !== undefined && new RegExp(permission[right]).test(name);
};
const allows = (member: Member, right: Right, name: string): boolean => allowsUser(memberUser(member), right, name);

/** Whether the broker lets somebody send (`write`) or bind (`read`) a routing key of an exchange that they may use. */
const allowsKey = (member: Member, right: 'write' | 'read', exchange: string, key: string): boolean => {
  const topic = definitions.topic_permissions.find(
    (one) => one.user === memberUser(member) && one.exchange === exchange,
  );
  return topic === undefined || new RegExp(topic[right]).test(key);
};

describe('definitions', () => {
  test('hold every exchange of the topology for every collective, and no other', () => {
    const expected = collectives.flatMap((collective) =>
      exchangePurposes.map((purpose) => [exchangeName(collective, purpose), 'topic']),
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

  test('give each member a user without a password, and the rights and limits of the topology', () => {
    for (const member of members) {
      const user = memberUser(member);
      const { permissions, topics } = memberRights(member, collectives);
      expect(definitions.users.find(({ name }) => name === user)).toMatchObject({
        password_hash: '',
        tags: [],
        limits: memberLimits(member),
      });
      expect(definitions.permissions.filter((one) => one.user === user)).toEqual([
        { user, vhost: '/', ...permissions },
      ]);
      expect(definitions.topic_permissions.filter((one) => one.user === user)).toEqual(
        topics.map((topic) => ({ user, vhost: '/', ...topic })),
      );
    }
  });

  test('make no other users than members and accounts', () => {
    const accounts = ['muster-node', 'person.alice'];
    expect(definitions.users.map(({ name }) => name)).toEqual([...members.map(memberUser), ...accounts]);
    expect(definitions.users.every(({ tags }) => tags.length === 0)).toBe(true);
    for (const { name, password_hash: hash } of definitions.users) expect(hash !== '').toBe(accounts.includes(name));
  });

  test('let a node have its own queue, and that of no other', () => {
    for (const right of rights) {
      const own = nodeQueueName(web01.name);
      for (const name of [own, seatQueueName(own)]) expect(allows(web01, right, name)).toBe(true);
      const others = ['web02.example.com', 'web01', 'xweb01.example.com', 'web01.example.com.', 'web01xexample.com'];
      for (const other of others) expect(allows(web01, right, nodeQueueName(other)), other).toBe(false);
      for (const name of [replyQueueName('alice', requestId), registryQueueName('alice', 'c0ffee'), 'any'])
        expect(allows(web01, right, name), name).toBe(false);
    }
  });

  test('let a person have queues that carry their own name, and of no other', () => {
    const own = [replyQueueName('alice', requestId), registryQueueName('alice', 'c0ffee')];
    for (const right of rights) {
      for (const name of own) {
        expect(allows(alice, right, name), name).toBe(true);
        expect(allows(bob, right, name), name).toBe(false);
      }
      expect(allows(alice, right, nodeQueueName(web01.name))).toBe(false);
      expect(allows(alice, right, lockQueueName('muster', 'puppet', 'runonce'))).toBe(true);
      expect(allows(alice, right, lockQueueName('other', 'puppet', 'runonce'))).toBe(false);
    }
  });

  test('let nodes hear requests and answer, and persons ask and hear answers', () => {
    for (const member of members) {
      expect(allows(member, 'write', undeliveredExchange)).toBe(false);
      expect(allows(member, 'read', undeliveredExchange)).toBe(member.role === 'person');
      for (const name of definitions.exchanges.map((one) => one.name))
        expect(allows(member, 'configure', name)).toBe(false);
    }
    for (const collective of collectives) {
      for (const purpose of exchangePurposes) {
        const name = exchangeName(collective, purpose);
        const forRequests = purpose === 'broadcast' || purpose === 'directed';
        expect(allows(web01, 'write', name), name).toBe(!forRequests);
        expect(allows(web01, 'read', name), name).toBe(forRequests);
        expect(allows(alice, 'write', name), name).toBe(forRequests);
        expect(allows(alice, 'read', name), name).toBe(!forRequests);
        for (const member of [authority, invitation])
          for (const right of rights) expect(allows(member, right, name), name).toBe(false);
      }
    }
    const others = ['', 'amq.default', 'amq.topic', 'other.reply', 'muster.replyx', 'xmuster.reply', 'muster-reply'];
    for (const name of others)
      for (const member of members) for (const right of rights) expect(allows(member, right, name), name).toBe(false);
  });

  test('let a node hear what is for itself, and register as itself', () => {
    for (const collective of collectives) {
      const directed = exchangeName(collective, 'directed');
      expect(allowsKey(web01, 'read', directed, web01.name)).toBe(true);
      for (const key of ['web02.example.com', '#', '*.example.com', 'web01.#', ''])
        expect(allowsKey(web01, 'read', directed, key), key).toBe(false);
      const registry = exchangeName(collective, 'registry');
      expect(allowsKey(web01, 'write', registry, registrationKey('alive', web01.name))).toBe(true);
      for (const key of [
        registrationKey('alive', 'web02.example.com'),
        'registration.alive',
        replyQueueName('alice', '00'),
      ])
        expect(allowsKey(web01, 'write', registry, key), key).toBe(false);
      const reply = exchangeName(collective, 'reply');
      expect(allowsKey(web01, 'write', reply, replyQueueName('alice', requestId))).toBe(true);
      expect(allowsKey(web01, 'read', reply, replyQueueName('alice', requestId))).toBe(false);
    }
  });

  test('let a person bind the keys of their own requests alone', () => {
    const keys = [
      [undeliveredExchange, undeliveredKey],
      ...collectives.map((collective) => [exchangeName(collective, 'reply'), replyQueueName] as const),
    ] as const;
    for (const [exchange, keyOf] of keys) {
      expect(allowsKey(alice, 'read', exchange, keyOf('alice', requestId)), exchange).toBe(true);
      const others = ['#', '*.*.*', 'reply.#', 'undelivered.alice.*', 'reply.alice.#', 'reply.alice.*'];
      for (const key of [...others, keyOf('bob', requestId), keyOf('alice.bob', requestId), ''])
        expect(allowsKey(alice, 'read', exchange, key), `${exchange} ${key}`).toBe(false);
    }
  });

  test('let everybody ask the authority, hear their own answers alone, and be nobody else to it', () => {
    for (const member of [web01, alice, invitation]) {
      const { role, name } = member;
      if (role === 'authority') continue;
      const own = enrolmentQueueName(role, name, requestId);
      expect([allows(member, 'write', authorityExchange), allows(member, 'read', authorityExchange)]).toEqual([
        true,
        false,
      ]);
      expect([allows(member, 'write', enrolmentExchange), allows(member, 'read', enrolmentExchange)]).toEqual([
        false,
        true,
      ]);
      const others = [
        enrolmentQueueName('node', 'web02.example.com', requestId),
        enrolmentQueueName('join', 'rack8', requestId),
        authorityQueueName,
      ];
      for (const queue of [own, ...others]) {
        for (const right of rights) expect(allows(member, right, queue), queue).toBe(queue === own);
        expect(allowsKey(member, 'read', enrolmentExchange, queue), queue).toBe(queue === own);
      }
    }
    for (const name of [authorityQueueName, seatQueueName(authorityQueueName)])
      for (const right of rights) expect(allows(authority, right, name)).toBe(true);
  });

  test('let the account that nodes share have the queues of nodes, and no more', () => {
    expect(allowsUser('muster-node', 'read', nodeQueueName('web02.example.com'))).toBe(true);
    expect(allowsUser('muster-node', 'read', replyQueueName('alice', requestId))).toBe(false);
  });

  test('bound every queue that anybody may declare, by one policy', () => {
    const names = [
      nodeQueueName(web01.name),
      replyQueueName('alice', requestId),
      registryQueueName('alice', 'c0ffee'),
      lockQueueName('muster', 'puppet', 'runonce'),
      enrolmentQueueName('join', 'rack7', requestId),
      authorityQueueName,
      ...[nodeQueueName(web01.name), authorityQueueName].map(seatQueueName),
    ];
    for (const name of names) {
      expect(
        members.some((member) => allows(member, 'configure', name)),
        name,
      ).toBe(true);
      const covering = definitions.policies.filter(({ pattern }) => new RegExp(pattern).test(name));
      expect(covering, name).toHaveLength(1);
      expect(covering[0]?.definition).toMatchObject({
        'max-length': expect.any(Number) as number,
        expires: expect.any(Number) as number,
      });
      expect(covering[0]?.definition['dead-letter-exchange']).toBe(
        name.startsWith('node.') ? undeliveredExchange : undefined,
      );
    }
    expect(definitions.parameters).toMatchObject([{ component: 'vhost-limits', value: { 'max-queues': 200_000 } }]);
  });

  test('hold no password in the clear', () => {
    expect(JSON.stringify(definitions)).not.toMatch(/of-nodes|of-alice/);
    const decoded = Buffer.from(passwordHash('secret', fixedBytes), 'base64');
    const salt = Buffer.from(fixedBytes(4));
    expect(decoded).toEqual(Buffer.concat([salt, createHash('sha256').update(salt).update('secret').digest()]));
  });
});

test('users of members are told from all others', () => {
  for (const member of members) expect(readMemberUser(memberUser(member))).toEqual(member);
  for (const user of [
    'guest',
    'muster-node',
    'CN=x,OU=broker,O=Muster',
    'CN=x,OU=node,O=Other',
    'CN=a b,OU=node,O=Muster',
  ])
    expect(readMemberUser(user), user).toBeUndefined();
});

describe('rabbitmq.conf', () => {
  const options = { listener: '5671', folder: '/etc/rabbitmq', diskFreeLimitBytes: 1 };
  const linesOf = (start: string, text: string) => text.split('\n').filter((line) => line.startsWith(start));

  test('opens the TLS listener alone', () => {
    expect(linesOf('listeners', rabbitmqConf(options))).toEqual(['listeners.tcp = none', 'listeners.ssl.1 = 5671']);
  });

  test('takes the certificate for who somebody is, and passwords only where they are wanted', () => {
    expect(rabbitmqConf(options)).toContain('\nssl_cert_login_from = distinguished_name\n');
    expect(linesOf('auth_mechanisms', rabbitmqConf(options))).toEqual(['auth_mechanisms.1 = EXTERNAL']);
    expect(linesOf('auth_mechanisms', rabbitmqConf({ ...options, passwords: true }))).toEqual([
      'auth_mechanisms.1 = EXTERNAL',
      'auth_mechanisms.2 = PLAIN',
    ]);
  });

  test('leaves TLS to advanced.config, where settings of it would be void', () => {
    expect(linesOf('ssl_options', rabbitmqConf(options))).toEqual([]);
  });
});

describe('advanced.config', () => {
  const text = advancedConfig('/etc/rabbit "mq');

  test('wants a certificate of every client, and asks the list of what was taken back', () => {
    expect(text).toContain('{verify, verify_peer}');
    expect(text).toContain('{fail_if_no_peer_cert, true}');
    expect(text).toContain('{crl_check, best_effort}');
    expect(text).toContain('[{dir, "/etc/rabbit \\"mq"}]');
  });

  test('allows TLS 1.2 and 1.3 with authenticated encryption and forward secrecy', () => {
    expect(text).toContain("{versions, ['tlsv1.3', 'tlsv1.2']}");
    const suites = [...(/\{ciphers, \[([^\]]*)\]/.exec(text)?.[1] ?? '').matchAll(/"([^"]+)"/g)].map(
      ([, suite]) => suite,
    );
    expect(suites.length).toBeGreaterThan(5);
    for (const suite of suites) expect(suite).toMatch(/^(TLS_|ECDHE-).*(GCM|POLY1305)/);
  });
});
