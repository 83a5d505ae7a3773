import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A real HTTP proxy on this machine that tunnels by CONNECT. */
export interface ConnectProxy {
  readonly url: string;
  /** What it was asked for, in order. */
  readonly asked: readonly { readonly target: string; readonly headers: IncomingHttpHeaders }[];
  /** Drops all connections; new ones are taken. */
  cut(): void;
  close(): Promise<void>;
}

/**
 * A proxy that takes every name for this machine, so that what arrives anywhere went through it. `tls`: it is spoken to under TLS. `login`:
 * the only one that it lets through. `status`: what it answers in place of a tunnel.
 */
export async function openConnectProxy({
  tls,
  login,
  status,
}: {
  readonly tls?: { readonly certificatePem: string; readonly keyPem: string };
  readonly login?: string;
  readonly status?: number;
} = {}): Promise<ConnectProxy> {
  const asked: { target: string; headers: IncomingHttpHeaders }[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  };
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = tls === undefined ? createServer() : createSecureServer({ cert: tls.certificatePem, key: tls.keyPem });
  server.on('connection', keep);
  server.on('connect', (request, near: Socket) => {
    const { url: target = '', headers } = request;
    asked.push({ target, headers });
    const expected = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;
    const refusal = status ?? (headers['proxy-authorization'] === expected ? undefined : 407);
    if (refusal !== undefined) {
      near.end(`HTTP/1.1 ${refusal} Refused\r\n\r\n`);
      return;
    }
    const far = connect(Number(target.slice(target.lastIndexOf(':') + 1)), '127.0.0.1');
    keep(far);
    far.on('connect', () => {
      near.write('HTTP/1.1 200 Connection established\r\n\r\n');
      near.pipe(far).pipe(near);
    });
    far.on('error', () => near.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    far.on('close', () => near.destroy());
    near.on('close', () => far.destroy()).on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // An HTTP server that listens has an address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    asked,
    cut,
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
