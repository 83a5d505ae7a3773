import { collectivePattern, enrolledRoles, identityPattern, roles } from '@muster/protocol/identity';
import { z } from 'zod';
import { revocationReasons, type RevocationReason } from '../pki/index.ts';

const serial = z.string().regex(/^[0-9a-f]{1,64}$/);
const name = z.string().regex(identityPattern);
const keyFingerprint = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.iso.datetime();
const reasons = Object.keys(revocationReasons) as RevocationReason[]; // Object.keys forgets that the keys are these

/** What stands in one line of a register. Times are ISO 8601 in UTC. */
const lineShape = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('issued'),
    serial,
    role: z.enum(roles),
    name,
    fingerprint: z.string(),
    notBefore: time,
    notAfter: time,
    at: time,
    /** Fingerprint of the public key, and the certificate, PEM. Registers of before have neither. */
    key: keyFingerprint.optional(),
    certificate: z.string().optional(),
    /** Collectives in which it counts; all when absent. */
    collectives: z.array(z.string().regex(collectivePattern)).min(1).optional(),
    /** Which invitation it is for. */
    invitation: name.optional(),
    /** Who approved it. */
    approvedBy: name.optional(),
    /** Serial number of the certificate that asked for it as its successor. */
    renews: serial.optional(),
  }),
  z.strictObject({ kind: z.literal('revoked'), serial, reason: z.enum(reasons), at: time }),
  z.strictObject({ kind: z.literal('listed'), number: z.int().positive(), at: time }),
  /** An invitation to join; its certificate has the same name, and is issued before it. */
  z.strictObject({
    kind: z.literal('invited'),
    invitation: name,
    role: z.enum(enrolledRoles),
    /** The name, or a glob of names, that it is for. */
    names: z.string().min(1).max(255),
    uses: z.int().positive(),
    /** Whether certificates are issued without a person's approval. */
    atOnce: z.boolean(),
    /** Whether certificates that a name has are taken back for the new one. */
    replace: z.boolean(),
    /** Days for which the certificates hold. */
    validDays: z.number().positive(),
    /** What the certificates are limited to; all when absent. */
    collectives: z.array(z.string().regex(collectivePattern)).min(1).optional(),
    at: time,
  }),
  /** A request to join that waits for approval. */
  z.strictObject({
    kind: z.literal('requested'),
    key: keyFingerprint,
    invitation: name,
    role: z.enum(enrolledRoles),
    name,
    /** The request for a certificate, PEM. */
    request: z.string(),
    at: time,
  }),
  z.strictObject({ kind: z.literal('rejected'), key: keyFingerprint, by: name, at: time }),
]);
export type RegisterLine = z.infer<typeof lineShape>;

/** A line as it was written; undefined for what cannot be understood. */
export function readRegisterLine(line: string): RegisterLine | undefined {
  try {
    return lineShape.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
