import { z } from 'zod';
import { errorCatalogue, type ErrorCode } from '../errors/index.ts';
import { enrolledRoles, identityPattern, roles } from '../identity/index.ts';
import { enrolmentLimits } from './limits.ts';

const id = z.string().regex(/^[0-9a-f]{32}$/);
const timeMs = z.int().nonnegative();
const name = z.string().regex(identityPattern);
const signingRequest = z.string().min(1).max(enrolmentLimits.requestLength);

/** SHA-256 of a public key (its SubjectPublicKeyInfo in DER), hexadecimal: what people compare before they approve. */
export const keyFingerprint = z.string().regex(/^[0-9a-f]{64}$/);

/** What an authority is asked for. */
export const askSchema = z.discriminatedUnion('kind', [
  /** A first certificate, of whom the request (PKCS #10, PEM) names; signed with an invitation. */
  z.strictObject({ kind: z.literal('join'), request: signingRequest }),
  /** The next certificate of who signs this, with another key. */
  z.strictObject({ kind: z.literal('renew'), request: signingRequest }),
  /** Who waits for approval; for approvers, as are those below. */
  z.strictObject({ kind: z.literal('list') }),
  /** `replace`: certificates that the same name has are to be taken back. */
  z.strictObject({ kind: z.literal('approve'), key: keyFingerprint, replace: z.boolean() }),
  z.strictObject({ kind: z.literal('reject'), key: keyFingerprint }),
]);
export type Ask = z.infer<typeof askSchema>;

const header = { sender: name, issuedAtMs: timeMs, nonce: id };

/** A message to an authority. Its answer goes to a queue of who signs it, and to no other. */
export const enrolmentSchema = z.strictObject({
  protocol: z.literal('muster.enrolment.v1'),
  ...header,
  ttlMs: z.int().positive().max(enrolmentLimits.ttlMs),
  askId: id,
  /** The id at the end of the name of the queue for the answer. */
  queueId: id,
  ask: askSchema,
});
export type Enrolment = z.infer<typeof enrolmentSchema>;

/** One who waits for approval. */
export const waitingSchema = z.strictObject({
  key: keyFingerprint,
  role: z.enum(enrolledRoles),
  name,
  /** Id of the invitation. */
  invitation: name,
  askedAtMs: timeMs,
  /** Until when the certificates hold that the same name has now; null when it has none. To approve means to replace these. */
  holdsUntilMs: timeMs.nullable(),
});
export type Waiting = z.infer<typeof waitingSchema>;

const errorCodes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]]; // Object.keys forgets that the keys are these

export const answerSchema = z.discriminatedUnion('kind', [
  /** The certificate, PEM, for the key with this fingerprint. */
  z.strictObject({
    kind: z.literal('certificate'),
    key: keyFingerprint,
    certificate: z.string().min(1).max(enrolmentLimits.certificateLength),
  }),
  /** A person has to approve it. Asked again with the same key, the authority answers how it stands. */
  z.strictObject({ kind: z.literal('held'), key: keyFingerprint }),
  z.strictObject({ kind: z.literal('waiting'), waiting: z.array(waitingSchema).max(enrolmentLimits.waiting) }),
  z.strictObject({
    kind: z.literal('decided'),
    key: keyFingerprint,
    role: z.enum(enrolledRoles),
    name,
    decision: z.enum(['approved', 'rejected']),
  }),
  z.strictObject({
    kind: z.literal('refused'),
    /** What another version may say, and this one does not know, is `internal`. */
    code: z.enum(errorCodes).catch('internal'),
    message: z.string().max(2000),
    mend: z.string().max(2000).nullable(),
  }),
]);
export type Answer = z.infer<typeof answerSchema>;

/** An answer of an authority, signed by its certificate. It is for the one certificate that signed what was asked. */
export const enrolmentAnswerSchema = z.strictObject({
  protocol: z.literal('muster.enrolment-answer.v1'),
  ...header,
  askId: id,
  to: z.strictObject({ role: z.enum(roles), name, fingerprint: z.string().regex(/^[0-9a-f]{64}$/) }),
  answer: answerSchema,
});
export type EnrolmentAnswer = z.infer<typeof enrolmentAnswerSchema>;
