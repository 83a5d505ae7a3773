import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Compressor } from '@muster/protocol/envelope';
import { fail, ok } from '@muster/protocol/errors';

const isTooLarge = (thrown: unknown): boolean =>
  thrown instanceof RangeError && 'code' in thrown && thrown.code === 'ERR_BUFFER_TOO_LARGE';

/** Raw deflate from zlib, fast rather than small. */
export const compressor: Compressor = {
  deflate: (bytes) => deflateRawSync(bytes, { level: 1 }),
  inflate(bytes, maxBytes) {
    try {
      return ok(inflateRawSync(bytes, { maxOutputLength: maxBytes }));
    } catch (thrown) {
      if (isTooLarge(thrown)) return fail('frame.oversized', `The body unpacks to more than ${maxBytes} bytes`);
      return fail('frame.compression', 'The compressed body is broken');
    }
  },
};
