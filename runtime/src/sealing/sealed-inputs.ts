import { Decrypter, Encrypter } from 'age-encryption';
import { decodeJson, encodeJson } from '@muster/protocol/envelope';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { Request } from '@muster/protocol/messages';
import { z } from 'zod';

/** The one request for whose one node inputs are sealed: in another they do not open. */
export type SealedFor = Pick<Request, 'caller' | 'requestId' | 'agent' | 'action'> & { readonly target: string };

/** What is inside. */
const contents = z.strictObject({
  protocol: z.literal('muster.inputs.v1'),
  caller: z.string(),
  requestId: z.string(),
  agent: z.string(),
  action: z.string(),
  target: z.string(),
  inputs: z.record(z.string(), z.json()),
});

/** Contents are filled up with blanks to a multiple of this many bytes: the length of a password is nobody's business. */
const paddedBytes = 256;

function padded(json: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(json.length / paddedBytes) * paddedBytes).fill(0x20);
  whole.set(json);
  return whole;
}

const about = ({ caller, requestId, agent, action, target }: SealedFor): SealedFor => ({
  caller,
  requestId,
  agent,
  action,
  target,
});

/**
 * Encrypts inputs to a node's recipient (`age1…`), for one request: an age file in Base64.
 *
 * Errors: `sealing.no_recipient` when the recipient is none.
 */
export async function sealInputs(
  inputs: Request['inputs'],
  recipient: string,
  sealedFor: SealedFor,
): Promise<Result<string>> {
  const encrypter = new Encrypter();
  try {
    encrypter.addRecipient(recipient);
  } catch {
    return fail('sealing.no_recipient', `"${recipient.slice(0, 80)}" is not the public part of a sealing key`);
  }
  const json = encodeJson({ protocol: 'muster.inputs.v1', ...about(sealedFor), inputs });
  return ok(Buffer.from(await encrypter.encrypt(padded(json))).toString('base64'));
}

const unreadable = (message: string): Result<never> => fail('sealing.unreadable', message);

/** Errors: `sealing.unreadable` when the identity (`AGE-SECRET-KEY-1…`) does not open it, or it is for another request. */
export async function openInputs(
  sealed: string,
  identity: string,
  sealedFor: SealedFor,
): Promise<Result<Request['inputs']>> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  let bytes: Uint8Array;
  try {
    bytes = await decrypter.decrypt(Buffer.from(sealed, 'base64'));
  } catch {
    return unreadable('The sensitive inputs are sealed for another key than this node has');
  }
  const json = decodeJson(bytes);
  const parsed = contents.safeParse(json.ok ? json.value : undefined);
  if (!parsed.success) return unreadable('The sensitive inputs are sealed in a form that this node does not know');
  const meant = about(parsed.data);
  const isMeant = Object.entries(about(sealedFor)).every(([name, value]) => meant[name as keyof SealedFor] === value);
  return isMeant ? ok(parsed.data.inputs) : unreadable('The sensitive inputs are sealed for another request');
}
