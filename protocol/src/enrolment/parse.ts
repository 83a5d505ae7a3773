import type { z } from 'zod';
import type { Opened } from '../envelope/index.ts';
import { fail, ok, type Result } from '../errors/index.ts';
import type { Role } from '../identity/index.ts';
import type { Applicant } from '../topology/index.ts';
import { enrolmentAnswerSchema, enrolmentSchema, type Enrolment, type EnrolmentAnswer } from './schema.ts';

/** Who may ask an authority for what. */
const askers: Readonly<Record<Enrolment['ask']['kind'], readonly Applicant[]>> = {
  join: ['join'],
  renew: ['node', 'person'],
  list: ['person'],
  approve: ['person'],
  reject: ['person'],
};

function read<T extends { sender: string }>(opened: Opened, schema: z.ZodType<T>): Result<T> {
  const parsed = schema.safeParse(opened.body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? '';
    return fail('message.malformed', `The message does not fit its schema at "${where}": ${issue?.message ?? ''}`);
  }
  if (parsed.data.sender === opened.principal.name) return ok(parsed.data);
  return fail(
    'sender.mismatch',
    `"${opened.principal.name}" signed a message that names "${parsed.data.sender}" as its sender`,
  );
}

const isOneOf = (role: Role, these: readonly Applicant[]): role is Applicant => these.some((one) => one === role);

/** What an authority is asked, and as whom. Errors: `message.malformed`, `sender.mismatch`, `certificate.role`. */
export function parseEnrolment(opened: Opened): Result<Enrolment & { readonly role: Applicant }> {
  const { role } = opened.principal;
  const message = read(opened, enrolmentSchema);
  if (!message.ok) return message;
  const { kind } = message.value.ask;
  if (isOneOf(role, askers[kind])) return ok({ ...message.value, role });
  return fail('certificate.role', `The certificate of a ${role} may not ask an authority to ${kind}`);
}

/** A verified body as an authority's answer. Errors as of {@link parseEnrolment}. */
export function parseEnrolmentAnswer(opened: Opened): Result<EnrolmentAnswer> {
  const { role, name } = opened.principal;
  if (role === 'authority') return read(opened, enrolmentAnswerSchema);
  return fail('certificate.role', `The certificate of ${role} "${name}" signed what only an authority may answer`);
}
