import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Request } from '@muster/protocol/messages';
import { createAgentBench, type AgentBench } from '../../../../test/support/agent/agent-bench.ts';
import { describeInjections } from '../../../../test/support/agent/injections.ts';
import { nettest } from './index.ts';

const node = 'web1.example.com';
let bench: AgentBench;
const servers: Server[] = [];

beforeAll(async () => {
  bench = await createAgentBench();
  await bench.start(node);
});
afterAll(async () => {
  for (const server of servers) server.close();
  await bench.close();
});

const ask = (action: string, inputs: Request['inputs']) => bench.asker.ask(node, { agent: 'nettest', action, inputs });

async function listen(host: string): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  servers.push(server);
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A port of this machine where nobody listens any more. */
async function closedPort(): Promise<number> {
  const port = await listen('127.0.0.1');
  servers.pop()?.close();
  return port;
}

describe('nettest ping', () => {
  it.each(['localhost', '127.0.0.1', '::1'])('measures how far %s is', async (fqdn) => {
    const reply = await ask('ping', { fqdn });
    expect(reply).toMatchObject({ outcome: 'ok', data: { rtt: expect.any(Number) as number } });
    expect(reply.data['rtt']).toBeGreaterThan(0);
  });

  it('tells of a host that does not answer', async () => {
    // An address of "this network", which no host can have.
    expect(await ask('ping', { fqdn: '0.0.0.1' })).toMatchObject({
      outcome: 'failed',
      statusCode: 1,
      statusMessage: 'Cannot reach host',
    });
  });
});

describe('nettest connect', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['localhost', '127.0.0.1'],
    ['::1', '::1'],
  ])('reaches a port of %s', async (fqdn, host) => {
    const reply = await ask('connect', { fqdn, port: await listen(host) });
    expect(reply).toMatchObject({
      outcome: 'ok',
      data: { connect: true, connect_status: 'Connected', connect_time: expect.any(Number) as number },
    });
  });

  it('tells of a port where nobody listens', async () => {
    expect(await ask('connect', { fqdn: '127.0.0.1', port: await closedPort() })).toMatchObject({
      outcome: 'ok',
      data: { connect: false, connect_status: 'Connection Refused' },
    });
  });

  it('tells of a port that does not answer', async () => {
    const { port, release } = await deafPort();
    try {
      expect(await ask('connect', { fqdn: '127.0.0.1', port })).toMatchObject({
        outcome: 'ok',
        data: { connect: false, connect_status: 'Connection Timeout' },
      });
    } finally {
      release();
    }
  });

  it.each([0, 65_536, -1])('refuses port %d', async (port) => {
    expect(await ask('connect', { fqdn: 'localhost', port })).toMatchObject({
      outcome: 'failed',
      statusCode: 4,
      statusMessage: 'port must be from 1 to 65535',
    });
  });
});

describe.each(['ping', 'connect'])('nettest %s', (action) => {
  const port = action === 'connect' ? { port: 1 } : {};

  it('tells of a name that leads nowhere', async () => {
    expect(await ask(action, { fqdn: 'no-such-host.invalid', ...port })).toMatchObject({
      outcome: 'failed',
      statusCode: 1,
      statusMessage: 'Cannot resolve hostname',
    });
  });

  it.each(['-c', 'a b', '$(id)', '', 'x;y'])('refuses the host %j', async (fqdn) => {
    expect(await ask(action, { fqdn, ...port })).toMatchObject({
      outcome: 'invalid',
      statusMessage: 'Cannot validate input fqdn: must be a host name or an IP address',
    });
  });
});

describe('the data plugin nettest', () => {
  const query = (target: string) =>
    bench.asker.ask(node, { action: 'get_data', inputs: { source: 'nettest', query: target } });

  it('tells whether a port can be reached', async () => {
    const port = await listen('::1');
    expect(await query(`[::1]:${port}`)).toMatchObject({ data: { connect: true } });
    expect(await query(`localhost:${await listen('127.0.0.1')}`)).toMatchObject({ data: { connect: true } });
    expect(await query(`127.0.0.1:${await closedPort()}`)).toMatchObject({ data: { connect: false } });
    expect(await query('no-such-host.invalid:80')).toMatchObject({ data: { connect: false } });
    expect(await query('localhost')).toMatchObject({ outcome: 'failed' });
  });

  it('does not wait for a port that does not answer', async () => {
    const { port, release } = await deafPort();
    try {
      expect(await query(`127.0.0.1:${port}`)).toMatchObject({ data: { connect: false } });
    } finally {
      release();
    }
  });
});

/** Listens on a port, says which, and takes no connection while it is stopped: the kernel then drops what comes. */
const listener = `const s = require('node:net').createServer();
s.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port));`;

async function deafPort(): Promise<{ readonly port: number; readonly release: () => void }> {
  const child: ChildProcess = spawn(process.execPath, ['-e', listener], { stdio: ['ignore', 'pipe', 'inherit'] });
  const { stdout } = child;
  if (stdout === null) throw new Error('the listener has no output');
  const [line] = (await once(createInterface(stdout), 'line')) as [string]; // a line is a string
  const port = Number(line);
  child.kill('SIGSTOP');
  const waiting: Socket[] = [];
  // The queue holds two; who comes after them hears nothing.
  for (let count = 0; count < 2; count++) {
    const socket = connect(port, '127.0.0.1');
    waiting.push(socket);
    await once(socket, 'connect');
  }
  return {
    port,
    release: () => {
      for (const socket of waiting) socket.destroy();
      child.kill('SIGKILL');
    },
  };
}

describeInjections('nettest and shells', {
  ddl: nettest.ddl,
  ask: (action, inputs) => bench.asker.ask(node, { agent: 'nettest', action, inputs: inputs as Request['inputs'] }), // JSON
  harmless: { fqdn: '127.0.0.1', port: 1 },
});
