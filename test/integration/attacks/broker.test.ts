import { X509Certificate } from 'node:crypto';
import { createConnection } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import {
  authorityExchange,
  authorityQueueName,
  enrolmentExchange,
  enrolmentQueue,
  enrolmentQueueName,
  exchangeName,
  lockQueue,
  lockQueueName,
  nodeQueue,
  nodeQueueName,
  registrationKey,
  registryQueue,
  registryQueueName,
  replyQueue,
  replyQueueName,
  undeliveredExchange,
  undeliveredKey,
  type Member,
} from '@muster/protocol/topology';
import { connectBus, type BrokerSettings } from '@muster/runtime/bus';
import { randomBytes } from '@muster/runtime/crypto';
import { createAuthority, createRevocationList, issueCertificate, type Authority } from '@muster/runtime/pki';
import type { Channel, ChannelModel } from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectAmqp, openChannel, publishConfirmed } from '../../support/amqp.ts';
import { openBrokerLog, type BrokerLog } from '../../support/broker-log.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestBroker, type TestBroker } from '../../support/test-broker.ts';

/*
 * Somebody speaks to a real broker past all that Muster does: with the key of a node, of a person, of an invitation, or with none
 * that counts. Nothing of it reaches a node or a console, so the audit of these attempts is the broker's log: it has to name who was refused.
 */

const web1 = 'web1.example.com';
const web2 = 'web2.example.com';
const requestId = '0123456789abcdef0123456789abcdef';
const otherId = 'fedcba9876543210fedcba9876543210';
const dayMs = 24 * 3_600_000;
const refused = /ACCESS_REFUSED/;
const invitation: Member = { role: 'join', name: 'rack7' };
const certifier: Member = { role: 'authority', name: 'ca' };
const crowd: Member = { role: 'node', name: 'crowd' };
const broadcast = exchangeName('muster', 'broadcast');
const directed = exchangeName('muster', 'directed');
const replies = exchangeName('muster', 'reply');
const registry = exchangeName('muster', 'registry');
const victimsReplies = replyQueueName('demo', requestId);
const heldLock = lockQueueName('muster', 'puppet', 'runonce');

let authority: Authority;
let broker: TestBroker;
let log: BrokerLog;
let stolen: BrokerSettings;
/** Connections of those who are attacked, with their queues. */
const victims: ChannelModel[] = [];
const open: ChannelModel[] = [];

async function settingsBy(by: Authority, member: Parameters<typeof issueCertificate>[1]): Promise<BrokerSettings> {
  const { certificatePem: certificate, keyPem: key } = await issueCertificate(by, member);
  return { urls: [broker.url], ca: authority.certificatePem, certificate, key, connectionName: 'attack' };
}

beforeAll(async () => {
  authority = await createAuthority({ name: 'Test authority', clock: Date.now });
  const taken = await issueCertificate(authority, { role: 'node', name: web1, validDays: 1 });
  broker = await startTestBroker({
    authority,
    nodes: [web1, web2, 'flooded', 'crowd'],
    members: [invitation, certifier],
    revocations: await createRevocationList(authority, {
      number: 1,
      validDays: 7,
      revoked: [
        { serial: new X509Certificate(taken.certificatePem).serialNumber, atMs: Date.now(), reason: 'key-compromise' },
      ],
    }),
  });
  stolen = {
    urls: [broker.url],
    ca: authority.certificatePem,
    certificate: taken.certificatePem,
    key: taken.keyPem,
    connectionName: 'stolen',
  };
  for (const name of [web1, web2]) {
    const connection = await connectAmqp(await broker.nodeSettings(name));
    victims.push(connection);
    const channel = await openChannel(connection);
    await channel.assertQueue(nodeQueueName(name), nodeQueue('classic'));
    await channel.bindQueue(nodeQueueName(name), directed, name);
  }
  const demo = await connectAmqp(await broker.personSettings('demo'));
  victims.push(demo);
  const channel = await openChannel(demo);
  await channel.assertQueue(victimsReplies, replyQueue('classic'));
  await channel.bindQueue(victimsReplies, replies, victimsReplies);
  await channel.assertQueue(heldLock, lockQueue);
  await channel.consume(heldLock, () => undefined, { exclusive: true });
});
beforeEach(async () => {
  log = await openBrokerLog(broker.home);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((connection) => connection.close().catch(() => undefined)));
});
afterAll(async () => {
  await Promise.all(victims.map((connection) => connection.close()));
  await broker.stop();
});

async function as(member: Member): Promise<ChannelModel> {
  const connection = await connectAmqp(await broker.memberSettings(member));
  open.push(connection);
  return connection;
}

/** What somebody tries, on a channel of their own; it must fail. */
type Attempt = (channel: Channel) => Promise<unknown>;
type Attempts = Readonly<Record<string, Attempt>>;

/** A text in a regular expression. */
const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The user at the broker that somebody is. */
const userOf = ({ role, name }: Member): string => `CN=${name.replaceAll(',', '\\,')},OU=${role},O=Muster`;

/** What the broker writes down when it refuses something to somebody. */
const refusalOf = (who: Member, exception = 'access_refused'): RegExp =>
  new RegExp(`user: '${literally(userOf(who))}'.* channel exception ${exception}: `);

async function isRefused(who: Member, connection: ChannelModel, attempt: Attempt): Promise<void> {
  await expect(attempt(await openChannel(connection))).rejects.toThrow(refused);
  await log.expects(refusalOf(who));
}

/** What a queue of somebody else may suffer. */
const onQueue = (queue: string): Attempts => ({
  [`reads ${queue}`]: (channel) => channel.consume(queue, () => undefined),
  [`fetches from ${queue}`]: (channel) => channel.get(queue),
  [`empties ${queue}`]: (channel) => channel.purgeQueue(queue),
  [`deletes ${queue}`]: (channel) => channel.deleteQueue(queue),
  [`binds ${queue}`]: (channel) => channel.bindQueue(queue, broadcast, 'rpcutil'),
  [`unbinds ${queue}`]: (channel) => channel.unbindQueue(queue, directed, web2),
  [`declares ${queue}`]: (channel) => channel.assertQueue(queue, { durable: true }),
});

/** What must be nobody's to make or break. */
const onTopology: Attempts = {
  'declares a queue of any name': (channel) => channel.assertQueue('hoard', { durable: true }),
  'declares a queue that the broker names': (channel) => channel.assertQueue('', { exclusive: true }),
  'declares an exchange': (channel) => channel.assertExchange('muster.mine', 'fanout'),
  'deletes an exchange': (channel) => channel.deleteExchange(directed),
  'binds an exchange to another': (channel) => channel.bindExchange(registry, broadcast, '#'),
};

async function publishingIsRefused(
  who: Member,
  exchange: string,
  key: string,
  connection?: ChannelModel,
): Promise<void> {
  await expect(publishConfirmed(connection ?? (await as(who)), exchange, key), exchange).rejects.toThrow(refused);
  await log.expects(refusalOf(who));
}

async function allRefused(who: Member, connection: ChannelModel, attempts: Attempts): Promise<void> {
  for (const [what, attempt] of Object.entries(attempts)) {
    const outcome = await openChannel(connection)
      .then(attempt)
      .then(
        () => 'it worked',
        (thrown: unknown) => String(thrown),
      );
    expect(outcome, what).toMatch(refused);
  }
  await log.expects(refusalOf(who), Object.keys(attempts).length);
}

describe('a node', () => {
  const own = nodeQueueName(web1);
  const me: Member = { role: 'node', name: web1 };

  it.each([
    ['a request to all', broadcast, 'rpcutil'],
    ['a request to one', directed, web2],
    ['into the queue of another node', '', nodeQueueName(web2)],
    ['into the queue of a person', '', victimsReplies],
    ['what would come back to a person', undeliveredExchange, undeliveredKey('demo', requestId)],
    ['a registration of another node', registry, registrationKey('alive', web2)],
    ['an answer of the authority', enrolmentExchange, enrolmentQueueName('node', web2, requestId)],
  ])('cannot send %s', async (_what, exchange, key) => {
    await publishingIsRefused(me, exchange, key);
  });

  it('cannot say that another sent a message', async () => {
    const channel = await (await as(me)).createConfirmChannel();
    const closed = new Promise<never>((_resolve, reject) => channel.once('error', reject));
    channel.publish(replies, victimsReplies, Buffer.from('x'), { userId: `CN=${web2},OU=node,O=Muster` });
    await expect(Promise.race([channel.waitForConfirms(), closed])).rejects.toThrow(/PRECONDITION_FAILED/);
    await log.expects(refusalOf(me, 'precondition_failed'));
  });

  it('cannot touch the queues of others', async () => {
    const connection = await as(me);
    for (const queue of [nodeQueueName(web2), victimsReplies, heldLock, authorityQueueName])
      await allRefused(me, connection, onQueue(queue));
  });

  it.each([web2, '#', '*.example.com', `${web1}.#`])('cannot hear what is for others, by %s', async (key) => {
    await isRefused(me, await as(me), (channel) => channel.bindQueue(own, directed, key));
  });

  it.each([
    [replies, victimsReplies],
    [replies, '#'],
    [registry, '#'],
    [undeliveredExchange, '#'],
    [authorityExchange, authorityQueueName],
    [enrolmentExchange, '#'],
    ['amq.topic', '#'],
  ])('cannot hear %s by %s', async (exchange, key) => {
    await isRefused(me, await as(me), (channel) => channel.bindQueue(own, exchange, key));
  });

  it.each(['', directed, undeliveredExchange, 'amq.topic'])(
    'cannot have its queue pass on to the exchange "%s" what dies in it',
    async (deadLetterExchange) => {
      await isRefused(crowd, await as(crowd), (channel) =>
        channel.assertQueue(nodeQueueName('crowd'), { deadLetterExchange, deadLetterRoutingKey: nodeQueueName(web2) }),
      );
    },
  );

  it('cannot make or break anything else', async () => {
    await allRefused(me, await as(me), onTopology);
  });

  it('is told when another has its identity, and the first goes on', async () => {
    const settings = await broker.nodeSettings(web2);
    const [first, second] = [0, 1].map(() => connectBus(settings, { clock: Date.now, randomBytes }));
    if (first === undefined || second === undefined) throw new Error('there is no bus');
    try {
      for (const bus of [first, second]) await eventually(() => expect(bus.state.status).toBe('up'), 30_000);
      const subscription = {
        queue: { name: nodeQueueName(web2), declaration: nodeQueue('classic') },
        bindings: [],
        prefetch: 1,
        exclusive: true,
        onDelivery: () => undefined,
      };
      expect(await first.subscribe(subscription)).toMatchObject({ ok: true });
      expect(await second.subscribe(subscription)).toMatchObject({ ok: false, error: { code: 'identity.duplicate' } });
    } finally {
      await Promise.all([first.close(), second.close()]);
    }
  });
});

describe('a person', () => {
  const me: Member = { role: 'person', name: 'other' };
  const own = replyQueueName('other', otherId);

  it.each([
    ['an answer of a node', replies, victimsReplies],
    ['a registration', registry, registrationKey('alive', web1)],
    ['into the queue of a node, past its exchange', '', nodeQueueName(web1)],
    ['into the queue of another person', '', victimsReplies],
    ['what would come back to another', undeliveredExchange, undeliveredKey('demo', requestId)],
    ['an answer of the authority', enrolmentExchange, enrolmentQueueName('person', 'demo', requestId)],
  ])('cannot send %s', async (_what, exchange, key) => {
    await publishingIsRefused(me, exchange, key);
  });

  it('cannot touch the queues of nodes, of other persons and of the authority', async () => {
    const connection = await as(me);
    for (const queue of [nodeQueueName(web1), victimsReplies, registryQueueName('demo', 'c0ffee'), authorityQueueName])
      await allRefused(me, connection, onQueue(queue));
  });

  it('cannot hear the answers to others', async () => {
    const connection = await as(me);
    const channel = await openChannel(connection);
    await channel.assertQueue(own, replyQueue('classic'));
    const keys = [victimsReplies, 'reply.demo.*', 'reply.demo.#', 'reply.#', 'reply.*.*', '#', `${own}.#`];
    for (const key of keys) await isRefused(me, connection, (one) => one.bindQueue(own, replies, key));
    for (const key of [undeliveredKey('demo', requestId), 'undelivered.#', '#'])
      await isRefused(me, connection, (one) => one.bindQueue(own, undeliveredExchange, key));
    for (const exchange of [broadcast, directed, authorityExchange])
      await isRefused(me, connection, (one) => one.bindQueue(own, exchange, '#'));
    await channel.deleteQueue(own);
  });

  it('cannot take a lock that another holds, nor away', async () => {
    const connection = await as(me);
    const attempts: readonly Attempt[] = [
      (channel) => channel.consume(heldLock, () => undefined),
      (channel) => channel.deleteQueue(heldLock),
      (channel) => channel.assertQueue(heldLock, lockQueue),
    ];
    for (const attempt of attempts)
      await expect(attempt(await openChannel(connection))).rejects.toThrow(/RESOURCE_LOCKED/);
    await log.expects(refusalOf(me, 'resource_locked'), attempts.length);
  });

  it.each(['', replies, registry])(
    'cannot have a queue pass on to "%s" what dies in it',
    async (deadLetterExchange) => {
      await isRefused(me, await as(me), (channel) =>
        channel.assertQueue(own, { deadLetterExchange, deadLetterRoutingKey: victimsReplies }),
      );
    },
  );

  it('cannot make or break anything else', async () => {
    await allRefused(me, await as(me), onTopology);
  });
});

describe('the holder of an invitation', () => {
  it('can ask the authority, and nothing else', async () => {
    const connection = await as(invitation);
    const channel = await openChannel(connection);
    const own = enrolmentQueueName('join', invitation.name, requestId);
    await channel.assertQueue(own, enrolmentQueue);
    await channel.bindQueue(own, enrolmentExchange, own);
    await publishConfirmed(connection, authorityExchange, authorityQueueName);
    for (const exchange of [broadcast, directed, replies, registry, enrolmentExchange, ''])
      await publishingIsRefused(invitation, exchange, web1, connection);
    const other = enrolmentQueueName('join', 'rack8', requestId);
    for (const queue of [
      nodeQueueName(web1),
      nodeQueueName(invitation.name),
      victimsReplies,
      authorityQueueName,
      other,
    ])
      await allRefused(invitation, connection, onQueue(queue));
    await isRefused(invitation, connection, (one) => one.bindQueue(own, enrolmentExchange, other));
    await isRefused(invitation, connection, (one) => one.bindQueue(own, registry, '#'));
    await allRefused(invitation, connection, onTopology);
  });
});

describe('the authority', () => {
  it('can answer who asks, and reaches neither nodes nor persons', async () => {
    const connection = await as(certifier);
    await publishConfirmed(connection, enrolmentExchange, enrolmentQueueName('join', invitation.name, requestId));
    for (const exchange of [broadcast, directed, replies, registry, ''])
      await publishingIsRefused(certifier, exchange, web1, connection);
    for (const queue of [nodeQueueName(web1), victimsReplies]) await allRefused(certifier, connection, onQueue(queue));
    await allRefused(certifier, connection, onTopology);
  });
});

describe('nobody connects', () => {
  const connects = async (settings: BrokerSettings): Promise<void> => {
    const connection = await connectAmqp(settings);
    await connection.close();
  };
  /** Nobody is known yet where TLS ends: the broker has the reason alone. */
  const turnedAway = (alert: string): RegExp => new RegExp(`TLS server: .* SERVER ALERT: Fatal - (?:${alert})`);
  const loginRefused = (user: string): RegExp => new RegExp(`EXTERNAL login refused: user '${literally(user)}'`);
  const at = (shiftMs: number): Authority => ({ ...authority, clock: () => Date.now() + shiftMs });
  const node = { role: 'node', name: web1, validDays: 1 } as const;

  it('with a certificate of a foreign authority of the same name', async () => {
    const foreign = await createAuthority({ name: 'Test authority', clock: Date.now });
    await expect(connects(await settingsBy(foreign, node))).rejects.toThrow(/alert/);
    await log.expects(turnedAway('Bad Certificate|Unknown CA|Decrypt Error'));
  });

  it('with a certificate that was revoked, though another of that node is good', async () => {
    await expect(connects(stolen)).rejects.toThrow(/alert certificate revoked/);
    await log.expects(turnedAway('Certificate Revoked'));
    await connects(await broker.nodeSettings(web1));
  });

  it('with a certificate that has expired', async () => {
    await expect(connects(await settingsBy(at(-10 * dayMs), node))).rejects.toThrow(/alert certificate expired/);
    await log.expects(turnedAway('Certificate Expired'));
  });

  it('with the certificate of a broker', async () => {
    const hosts = ['localhost'];
    await expect(
      connects(await settingsBy(authority, { role: 'broker', name: 'b1', validDays: 1, hosts })),
    ).rejects.toThrow();
    await log.expects(turnedAway('.*'));
    const client = { role: 'broker', usage: 'client', name: 'b1', validDays: 1 } as const;
    await expect(connects(await settingsBy(authority, client))).rejects.toThrow(refused);
    await log.expects(loginRefused('CN=b1,OU=broker,O=Muster'));
  });

  it.each([
    { role: 'node', name: 'nobody.example.com' },
    { role: 'node', name: 'demo' },
    { role: 'person', name: web1 },
    { role: 'authority', name: web1 },
    { role: 'node', name: 'ca,OU=authority' },
  ] as const)('as $role $name, whom the broker does not know', async (stranger) => {
    await expect(connects(await settingsBy(authority, { ...stranger, validDays: 1 }))).rejects.toThrow(refused);
    await log.expects(loginRefused(userOf(stranger)));
  });

  it('without a certificate', async () => {
    await expect(connects({ ...stolen, certificate: '', key: '' })).rejects.toThrow();
    await log.expects(turnedAway('.*'));
  });

  it('by a password', async () => {
    const settings = await broker.nodeSettings(web1);
    for (const username of ['guest', 'muster-node', `CN=${web2},OU=node,O=Muster`]) {
      for (const password of ['guest', '']) {
        const attempt = connects({ ...settings, account: { username, password } });
        await expect(attempt).rejects.toThrow(/PLAIN is not provided/);
      }
    }
  });

  /** Speaks TLS as told; gives the version that was agreed on. */
  async function speaks(options: ConnectionOptions): Promise<string | null> {
    const { ca, certificate: cert, key } = await broker.nodeSettings(web1);
    return new Promise((resolve, reject) => {
      const socket = connectTls({
        host: '127.0.0.1',
        port: Number(new URL(broker.url).port),
        ca,
        cert,
        key,
        ...options,
      });
      socket.once('error', reject);
      socket.once('secureConnect', () => {
        resolve(socket.getProtocol());
        socket.destroy();
      });
    });
  }

  it('in an old version of TLS, or with an old suite', async () => {
    expect(await speaks({})).toBe('TLSv1.3');
    const weak = 'DEFAULT@SECLEVEL=0';
    for (const version of ['TLSv1', 'TLSv1.1'] as const)
      await expect(speaks({ minVersion: version, maxVersion: version, ciphers: weak }), version).rejects.toThrow();
    for (const ciphers of ['AES128-GCM-SHA256', 'ECDHE-RSA-AES128-SHA', 'AES256-SHA', 'DHE-RSA-AES128-GCM-SHA256'])
      await expect(speaks({ maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` }), ciphers).rejects.toThrow();
  });

  it('without TLS', async () => {
    const socket = createConnection(Number(new URL(broker.url).port), '127.0.0.1');
    const said: Buffer[] = [];
    socket.on('data', (bytes: Buffer) => said.push(bytes));
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(Buffer.from('AMQP\x00\x00\x09\x01', 'latin1'));
    await closed;
    expect(Buffer.concat(said).toString('latin1')).not.toContain('AMQP');
  });
});

describe('bounds hold', () => {
  it('for a queue that was declared without any, which goes on when there is room', async () => {
    const flooded: Member = { role: 'node', name: 'flooded' };
    const queue = nodeQueueName(flooded.name);
    const node = await openChannel(await as(flooded));
    await node.assertQueue(queue, { durable: true });
    await node.bindQueue(queue, directed, flooded.name);
    const channel = await (await as({ role: 'person', name: 'other' })).createConfirmChannel();
    let turnedAway = 0;
    for (let sent = 0; sent < 10_500; sent++) {
      channel.publish(directed, flooded.name, Buffer.from('x'), {}, (thrown) => {
        if (thrown !== null && thrown !== undefined) turnedAway += 1;
      });
    }
    await channel.waitForConfirms().catch(() => undefined);
    await eventually(() => expect(turnedAway).toBeGreaterThan(0));
    const { messageCount } = await node.checkQueue(queue);
    expect(messageCount).toBeLessThanOrEqual(10_500 - turnedAway);
    await node.deleteQueue(queue);
  });

  it('for every queue that there is, by a policy of ours', async () => {
    const person = await openChannel(await as({ role: 'person', name: 'other' }));
    await person.assertQueue(registryQueueName('other', 'c0ffee'), registryQueue);
    const listed = await broker.ctl()(['--silent', '--formatter', 'json', 'list_queues', 'name', 'policy']);
    const queues = JSON.parse(listed.ok ? listed.value : '[]') as { name: string; policy: string }[]; // as RabbitMQ documents it
    expect(queues.length).toBeGreaterThanOrEqual(5);
    for (const { name, policy } of queues) expect(policy, name).toMatch(/^muster-/);
  });

  it('for connections and channels of one node', async () => {
    const settings = await broker.nodeSettings('crowd');
    const connections: ChannelModel[] = [];
    const connectAll = async (): Promise<void> => {
      for (let count = 0; count < 20; count++) {
        const connection = await connectAmqp(settings);
        connections.push(connection);
        open.push(connection);
      }
    };
    await expect(connectAll()).rejects.toThrow(/got <ConnectionClose/);
    await log.expects(new RegExp(`user '${literally(userOf(crowd))}'.*connection limit`));
    expect(connections).toHaveLength(10);
    const openAll = async (): Promise<void> => {
      for (let count = 0; count < 300; count++) await openChannel(connections[0] ?? (await as(certifier)));
    };
    await expect(openAll()).rejects.toThrow();
  });

  it('for one message', async () => {
    const connection = await as({ role: 'person', name: 'other' });
    await expect(publishConfirmed(connection, broadcast, 'rpcutil', 'x'.repeat(20 * 1024 * 1024))).rejects.toThrow(
      /PRECONDITION_FAILED/,
    );
    await log.expects(refusalOf({ role: 'person', name: 'other' }, 'precondition_failed'));
  });

  it('for the number of queues', async () => {
    const limits = await broker.ctl()(['--silent', 'list_vhost_limits', '--global']);
    expect(limits.ok ? limits.value : '').toContain('max-queues');
  });
});
