import { verify, type KeyObject } from 'node:crypto';
import type { Signer } from '@muster/protocol/envelope';
import { digestFor, signingForm } from '../crypto/index.ts';

/** Before what is signed, so that no signature of a message can pass for one of a record. */
const context = 'muster audit record\n';

/** A signature is the last value of its line, and is about all that stands before it. */
const signedLine = /^(\{.*),"signature":"([A-Za-z0-9+/]{2,2048}={0,2})"\}$/s;

const signedBytes = (text: string): Uint8Array => Buffer.from(context + text);

/** Adds the signature of all of a line to its end. */
export async function signLine(line: string, signer: Pick<Signer, 'sign'>): Promise<string> {
  const text = line.slice(0, -1);
  const signature = await signer.sign(signedBytes(text));
  return `${text},"signature":"${Buffer.from(signature).toString('base64')}"}`;
}

/** Whether a line ends with a signature by a key. */
export function isSignedBy(line: Uint8Array, publicKey: KeyObject): boolean {
  const [, text, written = ''] = signedLine.exec(Buffer.from(line).toString('utf8')) ?? [];
  const signature = Buffer.from(written, 'base64');
  // Other spellings of the same bytes would be other lines with a good signature.
  if (text === undefined || signature.toString('base64') !== written) return false;
  try {
    return verify(digestFor(publicKey), signedBytes(text), signingForm(publicKey), signature);
  } catch {
    return false;
  }
}
