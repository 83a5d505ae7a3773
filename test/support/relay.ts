import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server on this machine that a test can cut without either end hearing of it. */
export interface Relay {
  readonly port: number;
  /** Lets nothing through any more in either direction; connections stay open. */
  freeze(): void;
  /** Drops all connections, and each new one, until it is mended. */
  cut(): void;
  mend(): void;
  close(): void;
}

/** `targetPort` is asked at each connection; undefined while there is nothing to connect to. */
export async function startRelay(targetPort: () => number | undefined): Promise<Relay> {
  const sockets = new Set<Socket>();
  let isFrozen = false;
  let isCut = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    keep(near);
    near.on('error', () => undefined);
    if (isFrozen) return;
    const port = isCut ? undefined : targetPort();
    if (port === undefined) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    keep(far);
    far.on('error', () => near.destroy());
    near.pipe(far);
    far.pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, // a TCP server that listens has one
    freeze() {
      isFrozen = true;
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend() {
      isCut = false;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
