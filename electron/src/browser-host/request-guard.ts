import type { IncomingMessage } from 'node:http';
import type { ErrorCode } from '@muster/protocol/errors';

/** Why a request is not answered as asked. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 415;
  readonly code: ErrorCode;
  readonly message: string;
  readonly mend?: string;
}

/** A request that was refused for whom it came from, or how, as it may be written down. What is not known of it is null. */
export interface Stranger {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly method: string | null;
  /** Where it went, and what it said of itself; each cut to {@link longestNote} characters. */
  readonly path: string | null;
  readonly host: string | null;
  readonly origin: string | null;
}

const longestNote = 200;

/** What is worth writing down of a refusal; null when it only shows a mistake. */
export function strangerIn(request: IncomingMessage, { status, code, message }: Refusal): Stranger | null {
  if (status !== 401 && status !== 403) return null;
  const cut = (text: string | undefined): string | null => text?.slice(0, longestNote) ?? null;
  const { host, origin } = request.headers;
  return {
    code,
    reason: message,
    method: request.method ?? null,
    path: cut(request.url),
    host: cut(host),
    origin: cut(origin),
  };
}

const forbidden = (message: string): Refusal => ({ status: 403, code: 'bridge.forbidden', message });

/**
 * Refuses what does not come from our own page. `Host` must be the address that we listen on: a name that a stranger
 * had resolved to 127.0.0.1 is refused. A call must carry our own `Origin`, as browsers set it on every POST, and nothing
 * may declare that it comes from another site.
 */
export function guardSource(request: IncomingMessage, ownHost: string): Refusal | null {
  const { host, origin, 'sec-fetch-site': site } = request.headersDistinct;
  if (host?.length !== 1 || host[0] !== ownHost) return forbidden('The request names another host');
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if ((origin !== undefined || !isRead) && origin?.[0] !== `http://${ownHost}`) {
    return forbidden('The request comes from another origin');
  }
  const allowedSites = isRead ? ['same-origin', 'none'] : ['same-origin'];
  if (site !== undefined && !allowedSites.includes(site[0] ?? ''))
    return forbidden('The request comes from another site');
  return null;
}

/** Refuses a call that is not a POST of JSON: neither can be sent across origins without asking first. */
export function guardCall(request: IncomingMessage): Refusal | null {
  if (request.method !== 'POST') return { status: 405, code: 'bridge.forbidden', message: 'Calls are sent with POST' };
  const [mediaType] = (request.headers['content-type'] ?? '').split(';', 1);
  if (mediaType?.trim().toLowerCase() !== 'application/json') {
    return { status: 415, code: 'bridge.invalid_params', message: 'The body must be declared as application/json' };
  }
  return null;
}

/** The secret in `Authorization: Bearer …`; empty when there is none. */
export function bearerOf(request: IncomingMessage): string {
  return /^Bearer ([\w-]{1,128})$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
}
