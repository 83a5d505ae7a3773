import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** The message as it travelled. */
  readonly raw: string;
  readonly user: string | undefined;
  readonly isSecure: boolean;
}

/** A real mail server on this machine. */
export interface MailReceiver {
  readonly port: number;
  readonly received: readonly ReceivedMail[];
  close(): Promise<void>;
}

/** Lets `ops` with password `open sesame` in, where anybody has to log in. */
export async function openMailReceiver(options: SMTPServerOptions): Promise<MailReceiver> {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    onAuth({ username, password }, _session, callback) {
      if (username === 'ops' && password === 'open sesame') callback(null, { user: username });
      else callback(new Error('Invalid name or password'));
    },
    onData(stream, session, callback) {
      void text(stream).then((raw) => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw,
          user: typeof session.user === 'string' ? session.user : undefined,
          isSecure: session.secure,
        });
        callback(null, 'kept');
      });
    },
    ...options,
  });
  // Clients that hang up in the middle of a handshake are what some tests are about.
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    received,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
