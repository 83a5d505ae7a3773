import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Stream, type Impairment } from './stream.ts';

export type Direction = 'toBroker' | 'fromBroker';

/** A stretch of network between one party and the broker, whose bytes can be held, delayed and throttled. */
export interface TcpProxy {
  readonly port: number;
  /** How bytes travel in a direction from now on, in connections that are open and in new ones. */
  impair(direction: Direction, impairment: Impairment): void;
  /** Lets bytes travel freely again; what was held arrives. */
  heal(): void;
  /** Closes all connections, as a restarted firewall does. What was held is lost. */
  breakConnections(): void;
  /** The broker sees its connections closed; the party sees nothing at all until `breakConnections`. */
  halfOpen(): void;
  close(): Promise<void>;
}

interface Link {
  readonly party: Socket;
  readonly broker: Socket;
  readonly streams: Readonly<Record<Direction, Stream>>;
  isHalfOpen: boolean;
}

/** Listens on 127.0.0.1 and hands on to the broker's port, which may change when the broker is started again. */
export async function startTcpProxy(brokerPort: () => number): Promise<TcpProxy> {
  const links = new Set<Link>();
  const impairments: Record<Direction, Impairment> = { toBroker: {}, fromBroker: {} };

  function end(link: Link): void {
    links.delete(link);
    link.streams.toBroker.close();
    link.streams.fromBroker.close();
    link.party.destroy();
    link.broker.destroy();
  }

  const server = createServer((party) => {
    const broker = connect({ host: '127.0.0.1', port: brokerPort() });
    party.setNoDelay(true);
    broker.setNoDelay(true);
    const streams = { toBroker: new Stream(party, broker), fromBroker: new Stream(broker, party) };
    const link: Link = { party, broker, streams, isHalfOpen: false };
    links.add(link);
    for (const direction of ['toBroker', 'fromBroker'] as const) streams[direction].impair(impairments[direction]);
    party.on('error', () => undefined).on('close', () => end(link));
    broker.on('error', () => undefined);
    broker.on('close', () => {
      if (!link.isHalfOpen) end(link);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function impair(direction: Direction, impairment: Impairment): void {
    impairments[direction] = impairment;
    for (const link of links) link.streams[direction].impair(impairment);
  }

  return {
    port: (server.address() as AddressInfo).port, // it listens on a port, not on a path
    impair,
    heal() {
      impair('toBroker', {});
      impair('fromBroker', {});
    },
    breakConnections() {
      for (const link of links) end(link);
    },
    halfOpen() {
      for (const link of links) {
        link.isHalfOpen = true;
        link.streams.fromBroker.close();
        link.streams.toBroker.close();
        link.broker.destroy();
        // What the party still says is swallowed, as by a machine that has lost its memory of the connection.
        link.party.resume();
      }
    },
    async close() {
      for (const link of links) end(link);
      server.close();
      await once(server, 'close');
    },
  };
}
