import { createHmac } from 'node:crypto';
import { fail, ok, type Result } from '@muster/protocol/errors';

/** Lengths of a key, in bytes, by the specification. */
const shortestKey = 24;
const longestKey = 64;

/**
 * Reads a secret in the form of Standard Webhooks: `whsec_` and the key in Base64. `source` is named in the error.
 *
 * Errors: `config.invalid`; the text itself is never in it.
 */
export function readSecret(text: string, source: string): Result<Buffer> {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text.trim())?.[1];
  const key = Buffer.from(base64 ?? '', 'base64');
  if (key.length >= shortestKey && key.length <= longestKey) return ok(key);
  return fail('config.invalid', `${source} holds no secret for webhooks`, {
    mend: `It is whsec_ and ${shortestKey} to ${longestKey} bytes in Base64: echo "whsec_$(openssl rand -base64 32)"`,
  });
}

/** The headers of Standard Webhooks: https://www.standardwebhooks.com; the signature only where there is a key. */
export function webhookHeaders(
  id: string,
  nowMs: number,
  body: string,
  key: Buffer | null,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const named = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (key === null) return named;
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...named, 'webhook-signature': `v1,${signature}` };
}
