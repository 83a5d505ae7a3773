import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { text } from 'node:stream/consumers';

export interface ReceivedWebhook {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real receiver of HTTP on this machine. */
export interface WebhookReceiver {
  readonly url: string;
  readonly received: readonly ReceivedWebhook[];
  /** What it answers from now on; 204 at first. */
  answer(how: (response: ServerResponse, place: number) => void): void;
  close(): Promise<void>;
}

/** Under TLS with a certificate, else in the clear. */
export async function openWebhookReceiver(tls?: {
  readonly certificatePem: string;
  readonly keyPem: string;
}): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  let respond: (response: ServerResponse, place: number) => void = (response) => void response.writeHead(204).end();
  const server = tls === undefined ? createServer() : createSecureServer({ cert: tls.certificatePem, key: tls.keyPem });
  server.on('request', (request, response) => {
    void text(request).then((body) => {
      const { method, url: path, headers } = request;
      received.push({ method, path, headers, body });
      respond(response, received.length);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    received,
    answer(how) {
      respond = how;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
