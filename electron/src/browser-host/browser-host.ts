import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Dispatcher, StartTimer } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { WindowFiles } from '../window-files/index.ts';
import { endBroken } from './broken-requests.ts';
import { createLeasedCalls } from './leased-calls.ts';
import { createPeerRoutes } from './peer-routes.ts';
import { createRequestListener } from './request-listener.ts';
import type { Stranger } from './request-guard.ts';
import type { ReportTickets } from './report-tickets.ts';
import { SessionBook } from './session-book.ts';

export interface BrowserHostOptions {
  /** Answers the tabs that were opened by a link. */
  readonly dispatcher: Dispatcher;
  readonly files: WindowFiles;
  /** Gives out the addresses from which reports are fetched. */
  readonly reports: Pick<ReportTickets, 'redeem'>;
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly startTimer: StartTimer;
  /** Told of each request that was refused for whom it came from, or how; a page can send many. */
  readonly onStranger?: (stranger: Stranger) => void;
}

/** A server on 127.0.0.1 that shows the window in a browser. */
export interface BrowserHost {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** A link with a new token, good for one browser tab; a link that nobody has used by then is void. */
  issueLink(): string;
  /** The secret of a session whose calls another dispatcher answers, for a tab that goes to another fleet; it never changes again. */
  openSession(dispatcher: Dispatcher): string;
  /** Stops listening, cuts what is open and closes the streams of all tabs; the dispatchers stay. */
  close(): Promise<void>;
}

const loopback = '127.0.0.1';

/** Requests must arrive whole within these times, in milliseconds; idle connections go after the last. */
const limits = {
  headersTimeout: 5_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1_000,
};
const maxHeaderBytes = 16 * 1024;
const maxConnections = 128;

/** Starts a browser host. Fault: the port is taken. */
export async function startBrowserHost(options: BrowserHostOptions): Promise<Result<BrowserHost>> {
  const sessions = new SessionBook(options.randomBytes);
  const routes = createPeerRoutes(options.dispatcher);
  const calls = createLeasedCalls(routes, options.startTimer);
  const server = createServer({ ...limits, maxHeaderSize: maxHeaderBytes });
  server.maxConnections = maxConnections;
  server.setTimeout(limits.keepAliveTimeout);
  const port = await listen(server, options.port ?? 0);
  if (!port.ok) return port;
  const host = `${loopback}:${port.value}`;
  const { files, reports, onStranger = () => undefined } = options;
  server.on('request', createRequestListener({ ownHost: host, files, sessions, calls, reports, onStranger }));
  server.on('clientError', (error, connection) => endBroken(error, connection, onStranger));

  return ok({
    origin: `http://${host}`,
    issueLink: () => `http://${host}/#token=${sessions.issueToken()}`,
    openSession(dispatcher) {
      const { secret, peer } = sessions.open();
      routes.assign(peer, dispatcher);
      return secret;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      calls.close(sessions.peers());
      await closed;
    },
  });
}

function listen(server: Server, port: number): Promise<Result<number>> {
  return new Promise((resolve) => {
    server.once('error', (error) => {
      resolve(
        fail('config.invalid', `Cannot listen on ${loopback}:${port}: ${error.message}`, {
          mend: 'Name another --port',
        }),
      );
    });
    // A server that listens on TCP has an AddressInfo as its address.
    server.listen(port, loopback, () => resolve(ok((server.address() as AddressInfo).port)));
  });
}
