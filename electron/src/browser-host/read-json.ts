import type { IncomingMessage } from 'node:http';
import type { Refusal } from './request-guard.ts';

/** The largest body of a call, in bytes: a list of 100,000 identities fits. */
export const maxBodyBytes = 8 * 1024 * 1024;

const tooLarge: Refusal = {
  status: 413,
  code: 'bridge.invalid_params',
  message: `The body is larger than ${maxBodyBytes} bytes`,
};

/** Reads a body of JSON; stops as soon as it is larger than {@link maxBodyBytes}. An aborted request counts as not JSON. */
export async function readJson(request: IncomingMessage): Promise<{ value: unknown } | { refusal: Refusal }> {
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) return { refusal: tooLarge };
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Without an encoding set, a request yields buffers. It stays whole, so that a refusal can still be answered.
    const body = request.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
    for await (const chunk of body) {
      size += chunk.length;
      if (size > maxBodyBytes) return { refusal: tooLarge };
      chunks.push(chunk);
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
    return { value: JSON.parse(text) };
  } catch {
    return { refusal: { status: 400, code: 'bridge.invalid_params', message: 'The body is not JSON' } };
  }
}
