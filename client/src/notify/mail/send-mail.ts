import { fail, ok, type Result } from '@muster/protocol/errors';
import { readSecretFile } from '@muster/runtime/keys';
import {
  attemptAt,
  isTlsTrouble,
  quoted,
  readAuthorities,
  type Attempt,
  type AttemptOptions,
  type Message,
} from '../attempt.ts';
import type { NotifyDocument } from '../event.ts';
import type { MailSettings } from '../settings.ts';
import { composeMail } from './compose.ts';

/** The largest answer of a server that is taken, in bytes. */
const longestResponseBytes = 16_384;

async function readPassword(file: string | null): Promise<Result<string | null>> {
  if (file === null) return ok(null);
  const text = await readSecretFile(file);
  return text.ok ? ok(text.value.replace(/\r?\n$/, '')) : text;
}

/** What may be told of an error of nodemailer: never the words of whoever logs in. */
interface MailTrouble {
  readonly code?: string;
  /** That of Node.js, where there is one. */
  readonly originalCode?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

const replied = (response: string | undefined): string => (response === undefined ? '' : `: ${quoted(response)}`);

function judge(server: string, thrown: unknown): Attempt {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  // nodemailer adds these to its errors.
  const { code = '', originalCode = code, responseCode = 0, response } = error as MailTrouble;
  if (responseCode >= 400 && responseCode < 500)
    return fail('notify.failed', `${server} did not take it${replied(response)}`);
  if (code === 'EAUTH' || code === 'ENOAUTH')
    return fail('notify.refused', `${server} does not let us in${replied(response)}`, {
      mend: 'Check user and password_file of notify.mail in console.yaml.',
    });
  if (isTlsTrouble(originalCode))
    return fail('notify.failed', `No secure connection to ${server}: ${quoted(error.message)}`, {
      mend: 'Check tls and ca of notify.mail in console.yaml.',
    });
  if (responseCode >= 500)
    return fail('notify.refused', `${server} refused it${replied(response)}`, {
      mend: 'Check from and to of notify.mail in console.yaml.',
    });
  return fail('notify.failed', `${server} cannot be reached: ${quoted(error.message)}`);
}

/** Where a mail server is. */
export const mailServer = ({ server, port }: Pick<MailSettings, 'server' | 'port'>): string => `${server}:${port}`;

/**
 * Hands a mail to a server once; TLS is verified, and nothing is said in the clear unless the settings say so.
 *
 * Errors: `notify.failed`, `notify.refused`; `config.unreadable` and `config.invalid` for the files of the target.
 */
export async function sendMail(target: MailSettings, { id, body }: Message, options: AttemptOptions): Promise<Attempt> {
  const password = await readPassword(target.passwordFile);
  if (!password.ok) return password;
  const ca = await readAuthorities(target.ca);
  if (!ca.ok) return ca;
  const shown = mailServer(target);
  const { timeoutMs } = options;
  return attemptAt(
    { host: target.server, port: target.port, shown },
    options,
    async (socket, signal) => {
      // Only when it is needed: a command that sends nothing need not wait for it.
      const { createTransport } = await import('nodemailer');
      const transport = createTransport({
        host: target.server,
        port: target.port,
        secure: target.tls === 'implicit',
        requireTLS: target.tls === 'starttls',
        ignoreTLS: target.tls === 'none',
        tls: { minVersion: 'TLSv1.2', ...(ca.value === undefined ? {} : { ca: ca.value }) },
        ...(target.user === null ? {} : { auth: { user: target.user, pass: password.value ?? '' } }),
        ...(socket === undefined ? {} : { connection: socket }),
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
        socketCloseTimeout: 0,
        dnsTimeout: timeoutMs,
        maxResponseSize: longestResponseBytes,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      try {
        // Only this console writes the body.
        const sent = await transport.sendMail({
          ...composeMail(JSON.parse(body) as NotifyDocument),
          from: { name: 'Muster', address: target.from },
          to: target.to.map((address) => ({ name: '', address })),
          // The same for each attempt, so that a server or a reader may know a repetition.
          messageId: `<${id}@${target.from.slice(target.from.lastIndexOf('@') + 1)}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal,
        });
        const left = sent.rejected.length;
        if (left > 0)
          return fail('notify.refused', `${shown} did not take it for ${left} of ${target.to.length} recipients`, {
            mend: 'Check to of notify.mail in console.yaml.',
          });
        return { ok: true, answer: quoted(sent.response) };
      } finally {
        transport.close();
      }
    },
    (thrown) => judge(shown, thrown),
  );
}
