import { open, type Compressor, type Opened, type Verifier } from '@muster/protocol/envelope';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { parseRequest, type Request } from '@muster/protocol/messages';

/** A message that proved to be a request, and what could be told of one that did not. */
export type Incoming =
  | { readonly kind: 'request'; readonly request: Request }
  /** Signed by a person, and so well formed that they can be told why it is refused. */
  | { readonly kind: 'answerable'; readonly requestId: string; readonly replyTo: string; readonly reason: string };

/** People hear answers on queues of their own, nowhere else: a request cannot make nodes write to others. */
const isOwnQueue = (person: string, replyTo: string): boolean => replyTo.startsWith(`reply.${person}.`);

function answerable(opened: Opened): { requestId: string; replyTo: string } | undefined {
  const { principal, body } = opened;
  if (principal.role !== 'person' || typeof body !== 'object' || body === null) return undefined;
  if (!('requestId' in body) || !('replyTo' in body)) return undefined;
  const { requestId, replyTo } = body;
  if (typeof requestId !== 'string' || !/^[0-9a-f]{32}$/.test(requestId)) return undefined;
  if (typeof replyTo !== 'string' || replyTo.length > 255 || !isOwnQueue(principal.name, replyTo)) return undefined;
  return { requestId, replyTo };
}

/**
 * Decodes a message, verifies signature and caller.
 *
 * Errors: those of the frame, the signature and the certificate; `sender.mismatch`; `message.malformed` when nobody can be told.
 */
export async function receive(
  bytes: Uint8Array,
  tools: { readonly verifier: Verifier; readonly compressor: Compressor; readonly nowMs: number },
): Promise<Result<Incoming>> {
  const opened = await open(bytes, tools);
  if (!opened.ok) return opened;
  const request = parseRequest(opened.value);
  if (request.ok) {
    const { sender, replyTo } = request.value;
    if (replyTo === null || isOwnQueue(sender, replyTo)) return ok({ kind: 'request', request: request.value });
    return fail('sender.mismatch', `${sender} asks for the answer on "${replyTo}", which is not a queue of their own`);
  }
  const address = request.error.code === 'message.malformed' ? answerable(opened.value) : undefined;
  return address === undefined ? request : ok({ kind: 'answerable', ...address, reason: request.error.message });
}
