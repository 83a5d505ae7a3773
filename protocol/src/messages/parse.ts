import type { z } from 'zod';
import { fail, ok, type Result } from '../errors/index.ts';
import type { Opened } from '../envelope/index.ts';
import { callerOf, type Role } from '../identity/index.ts';
import {
  noticeSchema,
  registrationSchema,
  replySchema,
  requestSchema,
  type Notice,
  type Registration,
  type Reply,
  type Request,
} from './schema.ts';

function check<T extends { sender: string; collective: string }>(
  opened: Opened,
  role: Role,
  schema: z.ZodType<T>,
): Result<T> {
  if (opened.principal.role !== role) {
    return fail('certificate.role', `A ${opened.principal.role}'s certificate signed what only a ${role} may send`);
  }
  const parsed = schema.safeParse(opened.body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return fail(
      'message.malformed',
      `The message does not fit its schema at "${issue?.path.join('.') ?? ''}": ${issue?.message ?? ''}`,
    );
  }
  if (parsed.data.sender !== opened.principal.name) {
    return fail(
      'sender.mismatch',
      `"${opened.principal.name}" signed a message that names "${parsed.data.sender}" as its sender`,
    );
  }
  const { collectives } = opened.principal;
  if (collectives?.includes(parsed.data.collective) === false) {
    return fail(
      'certificate.collective',
      `The certificate of ${role} "${opened.principal.name}" does not count in collective "${parsed.data.collective}"`,
    );
  }
  return ok(parsed.data);
}

/** A verified body as a request. Errors: `certificate.role`, `certificate.collective`, `message.malformed`, `sender.mismatch`. */
export function parseRequest(opened: Opened): Result<Request> {
  const request = check(opened, 'person', requestSchema);
  if (request.ok && request.value.caller !== callerOf(opened.principal.name)) {
    return fail(
      'sender.mismatch',
      `"${opened.principal.name}" signed a request that names "${request.value.caller}" as its caller`,
    );
  }
  return request;
}

/** A verified body as a reply. Errors as of {@link parseRequest}. */
export const parseReply = (opened: Opened): Result<Reply> => check(opened, 'node', replySchema);

/** A verified body as a notice. Errors as of {@link parseRequest}. */
export const parseNotice = (opened: Opened): Result<Notice> => check(opened, 'node', noticeSchema);

/** A verified body as a registration. Errors as of {@link parseRequest}. */
export const parseRegistration = (opened: Opened): Result<Registration> => check(opened, 'node', registrationSchema);
