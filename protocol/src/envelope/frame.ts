import { fail, ok, type Result } from '../errors/index.ts';
import { limits } from './limits.ts';

/**
 * What travels in one broker message. All numbers are big-endian:
 *
 * | bytes | what |
 * | --- | --- |
 * | 0 to 3 | `MSTR` |
 * | 4 | frame version, 1 |
 * | 5 | flags: bit 0 = the body is compressed (raw deflate); all others 0 |
 * | 6 to 7 | length of the certificate |
 * | 8 to 11 | length of the body |
 * | 12 to 13 | length of the signature |
 * | 14 … | certificate (DER), body, signature |
 *
 * The signature covers every byte before it, as it travels.
 */
export interface Frame {
  readonly compressed: boolean;
  readonly certificate: Uint8Array;
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
  /** The exact bytes that the signature covers. */
  readonly signedBytes: Uint8Array;
}

const magic = [0x4d, 0x53, 0x54, 0x52] as const;
const version = 1;
const headerBytes = 14;
const compressedFlag = 1;

/** The bytes to sign; append the signature with {@link finishFrame}. `signatureBytes` must be the length it will have. */
export function startFrame(parts: {
  compressed: boolean;
  certificate: Uint8Array;
  body: Uint8Array;
  signatureBytes: number;
}): Uint8Array {
  const { certificate, body } = parts;
  const bytes = new Uint8Array(headerBytes + certificate.length + body.length);
  const view = new DataView(bytes.buffer);
  bytes.set(magic);
  view.setUint8(4, version);
  view.setUint8(5, parts.compressed ? compressedFlag : 0);
  view.setUint16(6, certificate.length);
  view.setUint32(8, body.length);
  view.setUint16(12, parts.signatureBytes);
  bytes.set(certificate, headerBytes);
  bytes.set(body, headerBytes + certificate.length);
  return bytes;
}

export function finishFrame(signedBytes: Uint8Array, signature: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(signedBytes.length + signature.length);
  bytes.set(signedBytes);
  bytes.set(signature, signedBytes.length);
  return bytes;
}

/** Takes a frame apart without trusting it. Errors: `frame.malformed`, `frame.truncated`, `frame.version`, `frame.oversized`. */
export function decodeFrame(bytes: Uint8Array): Result<Frame> {
  if (bytes.length > limits.frameBytes) {
    return fail('frame.oversized', `The frame has ${bytes.length} bytes; the limit is ${limits.frameBytes}`);
  }
  if (magic.some((byte, index) => index < bytes.length && bytes[index] !== byte)) {
    return fail('frame.malformed', 'The message does not begin like a Muster frame');
  }
  if (bytes.length < headerBytes)
    return fail('frame.truncated', `The frame ends after ${bytes.length} bytes, inside its header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint8(4) !== version)
    return fail('frame.version', `The frame has version ${view.getUint8(4)}; this build speaks ${version}`);
  const flags = view.getUint8(5);
  if ((flags & ~compressedFlag) !== 0) return fail('frame.malformed', `The frame has unknown flags: ${flags}`);
  const certificateLength = view.getUint16(6);
  const bodyLength = view.getUint32(8);
  const signatureLength = view.getUint16(12);
  if (certificateLength > limits.certificateBytes || signatureLength > limits.signatureBytes) {
    return fail('frame.oversized', 'The certificate or the signature in the frame is larger than its limit');
  }
  const signedLength = headerBytes + certificateLength + bodyLength;
  const declared = signedLength + signatureLength;
  if (bytes.length < declared)
    return fail('frame.truncated', `The frame ends after ${bytes.length} of ${declared} bytes`);
  if (bytes.length > declared)
    return fail('frame.malformed', `The frame has ${bytes.length - declared} bytes too many`);
  return ok({
    compressed: (flags & compressedFlag) !== 0,
    certificate: bytes.subarray(headerBytes, headerBytes + certificateLength),
    body: bytes.subarray(headerBytes + certificateLength, signedLength),
    signature: bytes.subarray(signedLength),
    signedBytes: bytes.subarray(0, signedLength),
  });
}

/** A frame that is kept beside its certificate: many have the same one. */
export interface DetachedFrame {
  /** DER. */
  readonly certificate: Uint8Array;
  /** The frame without the certificate's bytes; its header still has their length. */
  readonly rest: Uint8Array;
}

/** Takes the certificate out of a whole frame, which must be one that {@link decodeFrame} accepts. Both parts are copies. */
export function detachCertificate(frame: Uint8Array): DetachedFrame {
  const end = headerBytes + new DataView(frame.buffer, frame.byteOffset, frame.length).getUint16(6);
  const rest = new Uint8Array(frame.length - (end - headerBytes));
  rest.set(frame.subarray(0, headerBytes));
  rest.set(frame.subarray(end), headerBytes);
  return { certificate: frame.slice(headerBytes, end), rest };
}

/** The bytes as they travelled. What does not belong together makes a frame that {@link decodeFrame} or the signature refuses. */
export function attachCertificate({ certificate, rest }: DetachedFrame): Uint8Array {
  const frame = new Uint8Array(rest.length + certificate.length);
  frame.set(rest.subarray(0, headerBytes));
  frame.set(certificate, Math.min(headerBytes, rest.length));
  frame.set(rest.subarray(headerBytes), Math.min(headerBytes, rest.length) + certificate.length);
  return frame;
}
