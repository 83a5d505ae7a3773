import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, type SecureVersion } from 'node:tls';
import { promisify } from 'node:util';
import { markProcess, processIsRunning, type ProcessMark } from '@muster/broker-config/processes';
import {
  nodeQueue,
  nodeQueueName,
  registryQueue,
  registryQueueName,
  replyQueue,
  replyQueueName,
  undeliveredExchange,
  undeliveredKey,
} from '@muster/protocol/topology';
import { createAuthority, issueCertificate } from '@muster/runtime/pki';
import { connect, type ChannelModel } from 'amqplib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { connectAmqp, openChannel, publishConfirmed } from '../../support/amqp.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestBroker, type TestBroker } from '../../support/test-broker.ts';
import { listeningSockets } from './listening-sockets.ts';

const run = promisify(execFile);
const requestId = '0123456789abcdef0123456789abcdef';
const forbidden = /ACCESS_REFUSED/;

let broker: TestBroker;
const connections: ChannelModel[] = [];

beforeAll(async () => {
  // The blanks show that every path may hold them.
  broker = await startTestBroker({ homePrefix: 'muster test home ', nodes: ['web01'] });
});
afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
});
afterAll(async () => {
  await broker.stop();
});

async function connectAs(role: 'node' | 'person', name: string): Promise<ChannelModel> {
  const settings = role === 'node' ? broker.nodeSettings(name) : broker.personSettings(name);
  const connection = await connectAmqp(await settings);
  connections.push(connection);
  return connection;
}

const recorded = (): ProcessMark[] => {
  const book = JSON.parse(readFileSync(join(broker.home, 'broker', 'processes.json'), 'utf8')) as {
    processes: ProcessMark[];
  }; // our own file
  return book.processes;
};

describe('the ports of a private broker', () => {
  test('are on the loopback interface, and the only one for messages speaks TLS', async () => {
    const port = Number(new URL(broker.url).port);
    const sockets = recorded().flatMap(({ pid }) => listeningSockets(pid));
    const loopback = ['127.0.0.1', `${'00'.repeat(12)}01000000`, `${'00'.repeat(15)}01`];
    expect(sockets.filter(({ address }) => !loopback.includes(address))).toEqual([]);
    const kept = JSON.parse(readFileSync(join(broker.home, 'broker', 'ports.json'), 'utf8')) as Record<string, number>; // our own file
    expect(new Set(sockets.map((socket) => socket.port))).toEqual(new Set(Object.values(kept)));
    expect(kept['amqps']).toBe(port);

    await expect(connect({ hostname: '127.0.0.1', port, username: 'guest', password: 'guest' })).rejects.toThrow();
  });

  test('speak TLS 1.3 and nothing older than 1.2', async () => {
    const { ca, certificate: cert, key } = await broker.personSettings('demo');
    const port = Number(new URL(broker.url).port);
    const speak = (version: SecureVersion) =>
      new Promise<string | null>((resolve, reject) => {
        const options = { host: '127.0.0.1', port, ca, cert, key, minVersion: version, maxVersion: version };
        const socket = connectTls({ ...options, ciphers: 'DEFAULT@SECLEVEL=0' });
        socket.once('error', reject);
        socket.once('secureConnect', () => {
          resolve(socket.getProtocol());
          socket.destroy();
        });
      });
    await expect(speak('TLSv1.3')).resolves.toBe('TLSv1.3');
    await expect(speak('TLSv1.1')).rejects.toThrow();
  });

  test('take no connection without a client certificate of our authority', async () => {
    const settings = await broker.personSettings('demo');
    await expect(connectAmqp({ ...settings, certificate: '', key: '' })).rejects.toThrow();

    const stranger = await strangersCertificate();
    await expect(connectAmqp({ ...settings, ...stranger })).rejects.toThrow();
  });

  test('take no password', async () => {
    const settings = await broker.personSettings('demo');
    const account = { username: 'guest', password: 'guest' };
    await expect(connectAmqp({ ...settings, account })).rejects.toThrow(/PLAIN is not provided/);
  });
});

async function strangersCertificate(): Promise<{ certificate: string; key: string }> {
  const authority = await createAuthority({ name: 'Test authority', clock: () => Date.now() });
  const issued = await issueCertificate(authority, { role: 'person', name: 'demo', validDays: 1 });
  return { certificate: issued.certificatePem, key: issued.keyPem };
}

describe('a node', () => {
  test('declares its queue as the topology says, binds it and hears requests', async () => {
    const channel = await openChannel(await connectAs('node', 'web01'));
    const queue = nodeQueueName('web01');
    await channel.assertQueue(queue, nodeQueue('classic'));
    await channel.bindQueue(queue, 'muster.broadcast', 'rpcutil');
    await channel.bindQueue(queue, 'muster.directed', 'web01');
    const person = await connectAs('person', 'demo');
    await publishConfirmed(person, 'muster.broadcast', 'rpcutil', 'to all');
    await publishConfirmed(person, 'muster.directed', 'web01', 'to one');
    await expect(channel.checkQueue(queue)).resolves.toMatchObject({ messageCount: 2 });
    await channel.deleteQueue(queue);
  });

  test('answers and registers', async () => {
    const node = await connectAs('node', 'web01');
    await publishConfirmed(node, 'muster.reply', 'reply.demo.00');
    await publishConfirmed(node, 'muster.registry', 'registration.alive.web01');
  });

  test.each(['muster.broadcast', 'muster.directed', ''])('cannot publish to the exchange "%s"', async (exchange) => {
    const node = await connectAs('node', 'web01');
    await expect(publishConfirmed(node, exchange, 'rpcutil')).rejects.toThrow(forbidden);
  });

  test('can neither hear what comes back to persons nor send it', async () => {
    const node = await connectAs('node', 'web01');
    const queue = nodeQueueName('web01');
    await (await openChannel(node)).assertQueue(queue, nodeQueue('classic'));
    for (const [exchange, key] of [
      [undeliveredExchange, undeliveredKey('demo', requestId)],
      ['muster.reply', replyQueueName('demo', requestId)],
    ] as const) {
      await expect((await openChannel(node)).bindQueue(queue, exchange, key), exchange).rejects.toThrow(forbidden);
    }
    await expect(publishConfirmed(node, undeliveredExchange, 'undelivered.demo.00')).rejects.toThrow(forbidden);
    await expect(publishConfirmed(node, 'muster.registry', 'reply.demo.00')).rejects.toThrow(forbidden);
    await (await openChannel(node)).deleteQueue(queue);
  });

  test('can neither declare nor read a reply queue', async () => {
    const node = await connectAs('node', 'web01');
    const queue = replyQueueName('demo', requestId);
    await expect((await openChannel(node)).assertQueue(queue, replyQueue('classic'))).rejects.toThrow(forbidden);
    const person = await openChannel(await connectAs('person', 'demo'));
    await person.assertQueue(queue, replyQueue('classic'));
    await expect((await openChannel(node)).consume(queue, () => undefined)).rejects.toThrow(forbidden);
    await person.deleteQueue(queue);
  });
});

describe('a person', () => {
  test('declares queues as the topology says and receives answers and registrations', async () => {
    const channel = await openChannel(await connectAs('person', 'demo'));
    const replies = replyQueueName('demo', requestId);
    const registrations = registryQueueName('demo', 'a0');
    await channel.assertQueue(replies, replyQueue('classic'));
    await channel.bindQueue(replies, 'muster.reply', replies);
    await channel.assertQueue(registrations, registryQueue);
    await channel.bindQueue(registrations, 'muster.registry', 'registration.#');
    const node = await connectAs('node', 'web01');
    await publishConfirmed(node, 'muster.reply', replies);
    await publishConfirmed(node, 'muster.registry', 'registration.started.web01');
    await expect(channel.checkQueue(replies)).resolves.toMatchObject({ messageCount: 1 });
    await expect(channel.checkQueue(registrations)).resolves.toMatchObject({ messageCount: 1 });
    await channel.deleteQueue(replies);
  });

  test('cannot read the queue of a node', async () => {
    const node = await openChannel(await connectAs('node', 'web01'));
    const queue = nodeQueueName('web01');
    await node.assertQueue(queue, nodeQueue('classic'));
    const person = await connectAs('person', 'demo');
    await expect((await openChannel(person)).consume(queue, () => undefined)).rejects.toThrow(forbidden);
    await expect((await openChannel(person)).get(queue)).rejects.toThrow(forbidden);
    await expect((await openChannel(person)).bindQueue(queue, 'muster.broadcast', '#')).rejects.toThrow(forbidden);
    await node.deleteQueue(queue);
  });

  test("cannot touch another person's reply queue", async () => {
    const queue = replyQueueName('demo', requestId);
    const demo = await openChannel(await connectAs('person', 'demo'));
    await demo.assertQueue(queue, replyQueue('classic'));
    const other = await connectAs('person', 'other');
    await expect((await openChannel(other)).consume(queue, () => undefined)).rejects.toThrow(forbidden);
    await expect((await openChannel(other)).deleteQueue(queue)).rejects.toThrow(forbidden);
    await demo.deleteQueue(queue);
  });

  test('can bind the keys of their own requests alone', async () => {
    const demo = await connectAs('person', 'demo');
    const other = await connectAs('person', 'other');
    const own = replyQueueName('other', requestId);
    const queue = await openChannel(other);
    await queue.assertQueue(own, replyQueue('classic'));
    await queue.bindQueue(own, 'muster.reply', own);
    await queue.bindQueue(own, undeliveredExchange, undeliveredKey('other', requestId));
    const bind = async (exchange: string, key: string) => (await openChannel(other)).bindQueue(own, exchange, key);
    for (const key of [replyQueueName('demo', requestId), 'reply.demo.*', 'reply.#', 'reply.*.*', '#']) {
      await expect(bind('muster.reply', key), key).rejects.toThrow(forbidden);
    }
    for (const key of [undeliveredKey('demo', requestId), 'undelivered.#', '#']) {
      await expect(bind(undeliveredExchange, key), key).rejects.toThrow(forbidden);
    }
    await expect(publishConfirmed(demo, undeliveredExchange, undeliveredKey('other', requestId))).rejects.toThrow(
      forbidden,
    );
    await queue.deleteQueue(own);
  });

  test.each(['muster.reply', 'muster.registry', ''])('cannot publish to the exchange "%s"', async (exchange) => {
    const person = await connectAs('person', 'demo');
    await expect(publishConfirmed(person, exchange, 'registration.alive')).rejects.toThrow(forbidden);
  });
});

describe('a private broker', () => {
  test('keeps its secrets to its owner', () => {
    for (const file of ['broker.key', 'definitions.json', 'ports.json', '.erlang.cookie']) {
      expect(statSync(join(broker.home, 'broker', file)).mode & 0o077, file).toBe(0);
    }
    expect(statSync(join(broker.home, 'broker')).mode & 0o777).toBe(0o700);
  });

  test('keeps port and durable queues over a restart, and a killed one is followed by a new one', async () => {
    const { url } = broker;
    const queue = replyQueueName('demo', requestId);
    const before = await connectAmqp(await broker.personSettings('demo'));
    await (await openChannel(before)).assertQueue(queue, replyQueue('classic'));
    await before.close();

    const first = recorded();
    await broker.restart();
    expect(first.map(processIsRunning)).toEqual([false, false]);
    expect(broker.url).toBe(url);
    const between = await connectAmqp(await broker.personSettings('demo'));
    await expect((await openChannel(between)).checkQueue(queue)).resolves.toMatchObject({ queue });
    await between.close();

    const killed = markProcess(broker.pid);
    process.kill(broker.pid, 'SIGKILL');
    await broker.restart();
    expect(killed && processIsRunning(killed)).toBe(false);
    expect(broker.url).toBe(url);
    await expect(connectAs('person', 'demo')).resolves.toBeDefined();
  });

  test('keeps what it stored when another program has taken its port', async () => {
    const queue = replyQueueName('demo', requestId);
    const before = await connectAmqp(await broker.personSettings('demo'));
    await (await openChannel(before)).assertQueue(queue, replyQueue('classic'));
    await before.close();
    const { url } = broker;
    await broker.pause();
    const squatter = createServer().listen(Number(new URL(url).port), '127.0.0.1');
    await once(squatter, 'listening');
    await broker.resume();
    squatter.close();
    expect(broker.url).not.toBe(url);
    const person = await connectAs('person', 'demo');
    await expect((await openChannel(person)).checkQueue(queue)).resolves.toMatchObject({ queue });
  });

  test.each([
    ['ends', ({ pid }: ProcessMark) => process.kill(pid, 'SIGKILL')],
    [
      'gives up and does not end',
      ({ pid }: ProcessMark) => {
        process.kill(pid, 'SIGSTOP');
        appendFileSync(join(broker.home, 'broker', 'log', 'output.log'), '\nBOOT FAILED\n');
      },
    ],
  ])('that %s while it starts is started again', async (_what, trip) => {
    await broker.pause();
    const resumed = broker.resume();
    // The name service, and the broker as it was launched first.
    await eventually(() => expect(recorded()).toHaveLength(2));
    const [, first] = recorded();
    if (first !== undefined) trip(first);
    await resumed;
    expect(recorded()).toHaveLength(3);
    expect(first && processIsRunning(first)).toBe(false);
    await expect(connectAs('person', 'demo')).resolves.toBeDefined();
  });

  test('refuses a second owner of its home, and cleans up after one that was killed', async () => {
    const script = `
      import { randomBytes } from 'node:crypto';
      import { startPrivateBroker } from '@muster/broker-config/private';
      import { createAuthority } from '@muster/runtime/pki';
      const authority = await createAuthority({ name: 'x', clock: () => Date.now() });
      const accounts = { members: [], passwords: null };
      const started = await startPrivateBroker({ home: process.argv[1], authority, collectives: ['muster'], accounts, randomBytes });
      console.log(started.ok ? 'started' : started.error.code);
      if (started.ok) process.kill(process.pid, 'SIGKILL');`;
    const startElsewhere = () =>
      run(process.execPath, ['--input-type=module', '-e', script, broker.home], {
        cwd: join(import.meta.dirname, '../..'),
      }).then(
        ({ stdout }) => stdout.trim(),
        (error: unknown) => (error instanceof Error && 'stdout' in error ? String(error.stdout).trim() : String(error)),
      );
    await expect(startElsewhere()).resolves.toBe('home.in_use');

    await broker.pause();
    expect(existsSync(join(broker.home, 'broker', 'processes.json'))).toBe(false);
    await expect(startElsewhere()).resolves.toBe('started');
    const orphans = recorded();
    expect(orphans.map(processIsRunning)).toEqual([true, true]);
    await broker.resume();
    expect(orphans.map(processIsRunning)).toEqual([false, false]);
  });

  test('leaves no process behind when it stops', async () => {
    const stopped = await startTestBroker();
    const book = JSON.parse(readFileSync(join(stopped.home, 'broker', 'processes.json'), 'utf8')) as {
      processes: ProcessMark[];
    }; // our own file
    await stopped.stop();
    expect(book.processes.map(processIsRunning)).toEqual([false, false]);
    const commands = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    expect(commands).not.toContain(stopped.home);
    expect(existsSync(stopped.home)).toBe(false);
  });
});
