import { fail, ok, type Result } from '../errors/index.ts';
import type { Principal } from '../identity/index.ts';
import { decodeFrame, finishFrame, startFrame } from './frame.ts';
import { decodeJson, encodeJson } from './json.ts';
import { limits } from './limits.ts';

/** Signs in the name of one certificate. The key may sit in a file, an agent or a hardware token. */
export interface Signer {
  /** The signer's certificate, DER. */
  readonly certificate: Uint8Array;
  /** Length of every signature it makes, in bytes. */
  readonly signatureBytes: number;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** Decides whether a signature and its certificate are to be believed at a time. */
export interface Verifier {
  verify(
    certificate: Uint8Array,
    signedBytes: Uint8Array,
    signature: Uint8Array,
    nowMs: number,
  ): Promise<Result<Principal>>;
}

/** Raw deflate with a bound on what it may unpack to. */
export interface Compressor {
  deflate(bytes: Uint8Array): Uint8Array;
  /** Errors: `frame.compression` for broken input, `frame.oversized` past `maxBytes`. */
  inflate(bytes: Uint8Array, maxBytes: number): Result<Uint8Array>;
}

export interface Opened {
  readonly principal: Principal;
  /** The body as parsed JSON, not yet checked against a message schema. */
  readonly body: unknown;
}

/**
 * Packs and signs a message.
 *
 * Errors: `frame.oversized` when the body is larger than {@link limits}.bodyBytes.
 */
export async function seal(
  message: unknown,
  tools: { signer: Signer; compressor: Compressor },
): Promise<Result<Uint8Array>> {
  const plain = encodeJson(message);
  if (plain.length > limits.bodyBytes) {
    return fail('frame.oversized', `The body has ${plain.length} bytes; the limit is ${limits.bodyBytes}`);
  }
  const packed = plain.length >= limits.compressFromBytes ? tools.compressor.deflate(plain) : plain;
  const compressed = packed.length < plain.length;
  const { certificate, signatureBytes } = tools.signer;
  const signedBytes = startFrame({ compressed, certificate, body: compressed ? packed : plain, signatureBytes });
  return ok(finishFrame(signedBytes, await tools.signer.sign(signedBytes)));
}

/** Verifies the bytes that travelled and only then unpacks and parses them. Errors: those of the frame, the verifier and the body. */
export async function open(
  bytes: Uint8Array,
  tools: { verifier: Verifier; compressor: Compressor; nowMs: number },
): Promise<Result<Opened>> {
  const frame = decodeFrame(bytes);
  if (!frame.ok) return frame;
  const { certificate, signedBytes, signature, compressed, body } = frame.value;
  const principal = await tools.verifier.verify(certificate, signedBytes, signature, tools.nowMs);
  if (!principal.ok) return principal;
  const plain = compressed ? tools.compressor.inflate(body, limits.bodyBytes) : ok(body);
  if (!plain.ok) return plain;
  if (plain.value.length > limits.bodyBytes) {
    return fail('frame.oversized', `The body has ${plain.value.length} bytes; the limit is ${limits.bodyBytes}`);
  }
  const parsed = decodeJson(plain.value);
  return parsed.ok ? ok({ principal: principal.value, body: parsed.value }) : parsed;
}
