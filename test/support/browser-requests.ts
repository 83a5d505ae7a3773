import { request, type IncomingHttpHeaders } from 'node:http';
import type { Transport } from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';

export interface RawRequest {
  readonly method?: string;
  /** The request target, sent as it stands. */
  readonly path: string;
  /** Added to, and in place of, what a page of the host would send; undefined leaves a header out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends one request as a page of that origin would, except for what the test changes. */
export function sendRaw(origin: string, raw: RawRequest): Promise<RawAnswer> {
  const { port, host } = new URL(origin);
  const method = raw.method ?? 'POST';
  const pageHeaders = method === 'POST' ? { origin, 'content-type': 'application/json' } : {};
  const named: Record<string, string | undefined> = {
    host,
    'sec-fetch-site': 'same-origin',
    ...pageHeaders,
    ...raw.headers,
  };
  const headers = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: '127.0.0.1',
      port,
      method,
      path: raw.path,
      headers,
      agent: false,
      signal: raw.signal,
    });
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        });
      });
    });
    outgoing.end(raw.body);
  });
}

/** Exchanges the token of a link for a session's secret; null when the host refuses. */
export async function openSession(link: string): Promise<string | null> {
  const { origin, hash } = new URL(link);
  const body = JSON.stringify({ token: hash.replace('#token=', '') });
  const answer = await sendRaw(origin, { path: '/session', body });
  // The host answers every POST with a result.
  const result = JSON.parse(answer.text) as Result<{ session: string }>;
  return result.ok ? result.value.session : null;
}

/** The transport of a tab that has this session. */
export function sessionTransport(origin: string, session: string): Transport {
  return async (name, payload) => {
    const headers = { authorization: `Bearer ${session}` };
    const answer = await sendRaw(origin, { path: `/call/${name}`, headers, body: JSON.stringify(payload) });
    return JSON.parse(answer.text) as Result<unknown>; // as above
  };
}
