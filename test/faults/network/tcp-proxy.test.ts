import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** What one end has heard so far. */
function heard(socket: Socket): () => string {
  let text = '';
  socket.setEncoding('utf8').on('data', (more: string) => (text += more));
  return () => text;
}

describe('the proxy', () => {
  let server: Server;
  let proxy: TcpProxy;
  let party: Socket;
  let broker: Socket;
  let atParty: () => string;
  let atBroker: () => string;

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo; // it listens on a port, not on a path
    proxy = await startTcpProxy(() => port);
    const connected = once(server, 'connection') as Promise<[Socket]>; // what a server's `connection` carries
    party = connect({ port: proxy.port, host: '127.0.0.1' }).on('error', () => undefined);
    [broker] = await connected;
    broker.on('error', () => undefined);
    atParty = heard(party);
    atBroker = heard(broker);
  });
  afterEach(async () => {
    await proxy.close();
    broker.destroy();
    server.close();
  });

  it('hands on in both directions', async () => {
    party.write('ask');
    broker.write('answer');
    await eventually(() => expect([atBroker(), atParty()]).toEqual(['ask', 'answer']));
  });

  it('holds one direction and lets the other pass', async () => {
    proxy.impair('toBroker', { held: true });
    party.write('held');
    broker.write('free');
    await eventually(() => expect(atParty()).toBe('free'));
    expect(atBroker()).toBe('');
    proxy.heal();
    await eventually(() => expect(atBroker()).toBe('held'));
  });

  it('keeps the order of what it delays and throttles', async () => {
    const delays = [60, 0, 30];
    proxy.impair('toBroker', { delayMs: () => delays.shift() ?? 0, bytesPerSecond: 2000 });
    for (const word of ['one ', 'two ', 'three ']) {
      party.write(word);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually(() => expect(atBroker()).toBe('one two three '));
  });

  it('leaves the party alone with a connection that the broker does not have any more', async () => {
    proxy.halfOpen();
    await eventually(() => expect(broker.destroyed).toBe(true));
    party.write('into the void');
    expect(party.destroyed).toBe(false);
    proxy.breakConnections();
    await eventually(() => expect(party.destroyed).toBe(true));
  });

  it('closes both ends when one has gone', async () => {
    party.destroy();
    await eventually(() => expect(broker.destroyed).toBe(true));
  });
});
