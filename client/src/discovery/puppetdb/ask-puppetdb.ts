import type { IncomingMessage } from 'node:http';
import { fail, ok, type Result } from '@muster/protocol/errors';

/** Largest answer, in bytes: some 500,000 names. */
export const largestAnswerBytes = 64 * 1024 * 1024;

/** What of a refusal's text is repeated, in characters. */
const quotedLength = 300;

/** Where PuppetDB is and who we are to it; certificates and key as PEM. */
export interface PuppetDbAccess {
  readonly url: string;
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

const failed = (message: string, mend: string) => fail('discovery.failed', message, { mend });

function unreachable(url: string, error: NodeJS.ErrnoException): Result<never> {
  const { code = '', message } = error;
  if (/^(ERR_SSL|ERR_TLS|EPROTO|CERT_|UNABLE_|SELF_SIGNED|DEPTH_ZERO)/.test(code)) {
    return failed(
      `No secure connection to PuppetDB at ${url}: ${message}`,
      'Check discovery.puppetdb in console.yaml: ca must have issued its certificate, and it must trust ours.',
    );
  }
  if (code === 'ECONNRESET') {
    return failed(
      `PuppetDB at ${url} broke off the connection: ${message}`,
      'Check that it trusts our certificate: its log tells why.',
    );
  }
  return failed(
    `PuppetDB at ${url} cannot be reached: ${message || code}`,
    'Check discovery.puppetdb.url in console.yaml.',
  );
}

function refused(url: string, status: number, text: string): Result<never> {
  const said = text
    .replaceAll(/[^\P{C}\n]/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, quotedLength);
  const reason = said === '' ? '' : `: ${said}`;
  if (status === 400) return failed(`PuppetDB refused the query${reason}`, 'Correct the query.');
  if (status === 401 || status === 403)
    return failed(
      `PuppetDB at ${url} does not let us in (HTTP ${status})${reason}`,
      'Add our certificate to its allow list.',
    );
  return failed(
    `PuppetDB at ${url} answered HTTP ${status}${reason}`,
    'Look into the log of PuppetDB, then try again.',
  );
}

async function readBounded(response: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Without an encoding, a response yields buffers.
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestAnswerBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readRows(text: string): Result<readonly unknown[]> {
  try {
    const rows: unknown = JSON.parse(text);
    if (Array.isArray(rows)) return ok(rows as unknown[]); // isArray widens to any[]
  } catch {
    // Told below.
  }
  return failed(
    'PuppetDB did not answer with a list in JSON',
    'Check that discovery.puppetdb.url is that of a PuppetDB.',
  );
}

/**
 * Sends one query, PQL or JSON, to the root of the query API; the rows of the answer.
 *
 * Errors: `discovery.failed` with what went wrong: TLS, HTTP status, time limit, size. `run.interrupted` when `signal` aborts.
 */
export async function askPuppetDb(
  access: PuppetDbAccess,
  query: string,
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<Result<readonly unknown[]>> {
  const { url } = access;
  const { timeoutMs, signal } = options;
  const time = AbortSignal.timeout(timeoutMs);
  // Only when it is needed: a command that asks no PuppetDB need not wait for it.
  const { request } = await import('node:https');
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = request(new URL('/pdb/query/v4', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        ca: access.ca,
        cert: access.certificate,
        key: access.key,
        minVersion: 'TLSv1.2',
        agent: false,
        signal: signal === undefined ? time : AbortSignal.any([time, signal]),
      });
      outgoing.once('response', resolve).once('error', reject);
      outgoing.end(JSON.stringify({ query }));
    });
    const text = await readBounded(response);
    if (text === null)
      return failed(`The answer of PuppetDB is larger than ${largestAnswerBytes / 1024 ** 2} MiB`, 'Ask for less.');
    return response.statusCode === 200 ? readRows(text) : refused(url, response.statusCode ?? 0, text);
  } catch (thrown) {
    if (time.aborted) {
      return failed(
        `PuppetDB at ${url} did not answer within ${timeoutMs / 1000} seconds`,
        'Ask for less, or give it more time with --dt.',
      );
    }
    if (signal?.aborted === true) return fail('run.interrupted', 'Interrupted while PuppetDB was asked');
    return unreachable(url, thrown instanceof Error ? thrown : new Error(String(thrown)));
  }
}
