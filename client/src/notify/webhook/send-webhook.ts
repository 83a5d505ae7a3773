import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { connect } from 'node:tls';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { readSecretFile } from '@muster/runtime/keys';
import { serverOf, tlsName } from '@muster/runtime/proxy';
import { consoleVersion } from '../../version.ts';
import {
  attemptAt,
  isTlsTrouble,
  quoted,
  readAuthorities,
  type Attempt,
  type AttemptOptions,
  type Message,
} from '../attempt.ts';
import type { WebhookSettings } from '../settings.ts';
import { readSecret, webhookHeaders } from './sign.ts';

/** The most of an answer that is read, in bytes; what comes after it is not waited for. */
const readBytes = 4096;

/** Statuses of receivers that cannot take it now, though nothing is wrong with it. */
const passing = [408, 425, 429];

async function readKey(file: string | null): Promise<Result<Buffer | null>> {
  if (file === null) return ok(null);
  const text = await readSecretFile(file);
  return text.ok ? readSecret(text.value, file) : text;
}

/** The header by which a receiver knows us. Errors: `config.unreadable`, `config.invalid`. */
async function readToken(file: string | null): Promise<Result<{ readonly authorization?: string }>> {
  if (file === null) return ok({});
  const text = await readSecretFile(file);
  if (!text.ok) return text;
  const token = text.value.trim();
  return /^[\x21-\x7e]+$/.test(token)
    ? ok({ authorization: `Bearer ${token}` })
    : fail('config.invalid', `${file} holds no token: one line of printable ASCII without spaces`);
}

/** How the request gets a connection of its own: a new one, or what a proxy has opened. */
const over = (socket: Socket | undefined, host: string, isSecure: boolean, tls: { readonly ca?: string }) =>
  socket === undefined
    ? { agent: false }
    : {
        createConnection: () =>
          isSecure ? connect({ ...tls, socket, host, servername: tlsName(host), minVersion: 'TLSv1.2' }) : socket,
      };

/** The beginning of an answer; the connection ends with it. */
async function readBeginning(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Without an encoding, a response yields buffers.
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= readBytes) break;
    }
  } catch {
    // What broke off was an explanation only: the status has come.
  }
  response.destroy();
  return Buffer.concat(chunks).subarray(0, readBytes).toString('utf8');
}

/** `Retry-After`, in milliseconds; undefined where it says nothing. */
function wishedPause(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

async function judge(server: string, response: IncomingMessage, nowMs: number): Promise<Attempt> {
  const status = response.statusCode ?? 0;
  const said = quoted(await readBeginning(response));
  const words = said === '' ? `HTTP ${status}` : `HTTP ${status}: ${said}`;
  if (status >= 200 && status < 300) return { ok: true, answer: words };
  if (status >= 300 && status < 400)
    return fail('notify.refused', `${server} leads elsewhere (HTTP ${status}), and redirects are not followed`, {
      mend: 'Put the address that it leads to into notify in console.yaml.',
    });
  if (status < 500 && !passing.includes(status))
    return fail('notify.refused', `${server} refused it: ${words}`, {
      mend: 'Check url and secret_file of the target in console.yaml, and what the receiver expects.',
    });
  const waitMs = wishedPause(response.headers['retry-after'], nowMs);
  return {
    ...fail('notify.failed', `${server} did not take it: ${words}`),
    ...(waitMs === undefined ? {} : { waitMs }),
  };
}

function unreachable(server: string, thrown: unknown): Attempt {
  const error: NodeJS.ErrnoException = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { code = '', message } = error;
  if (isTlsTrouble(code))
    return fail('notify.failed', `No secure connection to ${server}: ${quoted(message)}`, {
      mend: 'Check ca of the target in console.yaml: it must have issued the certificate of the receiver.',
    });
  return fail('notify.failed', `${server} cannot be reached: ${quoted(message === '' ? code : message)}`);
}

/** What of an address may be shown. */
export const shownServer = (url: string): string => new URL(url).origin;

/**
 * Posts a message once. No redirect is followed, and of the answer only the beginning is read.
 *
 * Errors: `notify.failed`, `notify.refused`; `config.unreadable` and `config.invalid` for the files of the target.
 */
export async function sendWebhook(
  target: WebhookSettings,
  { id, body }: Message,
  options: AttemptOptions,
): Promise<Attempt> {
  const key = await readKey(target.secretFile);
  if (!key.ok) return key;
  const token = await readToken(target.tokenFile);
  if (!token.ok) return token;
  const ca = await readAuthorities(target.ca);
  if (!ca.ok) return ca;
  const url = new URL(target.url);
  const shown = shownServer(target.url);
  const isSecure = url.protocol === 'https:';
  const server = serverOf(url, isSecure ? 443 : 80);
  const tls = ca.value === undefined ? {} : { ca: ca.value };
  return attemptAt(
    { ...server, shown },
    options,
    async (socket, signal) => {
      // Only when it is needed: a command that sends nothing need not wait for it.
      const { request } = await (isSecure ? import('node:https') : import('node:http'));
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const outgoing = request(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/cloudevents+json; charset=utf-8',
            'content-length': Buffer.byteLength(body),
            'user-agent': `muster/${consoleVersion}`,
            ...token.value,
            ...webhookHeaders(id, options.nowMs, body, key.value),
          },
          ...tls,
          minVersion: 'TLSv1.2',
          ...over(socket, server.host, isSecure, tls),
          signal,
        });
        outgoing.once('response', resolve).once('error', reject);
        outgoing.end(body);
      });
      return judge(shown, response, options.nowMs);
    },
    (thrown) => unreachable(shown, thrown),
  );
}
