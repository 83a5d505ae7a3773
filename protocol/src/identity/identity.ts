import { fail, ok, type Result } from '../errors/index.ts';

/** What a node or a person may be called: letters, digits, `_`, `.` and `-`, 1 to 255 of them (MCollective's rule, bounded). */
export const identityPattern = /^[\w.-]{1,255}$/;

/** What a collective may be called; it becomes part of exchange names. */
export const collectivePattern = /^[\w-]{1,64}$/;

export const defaultCollective = 'muster';

/**
 * What a certificate says its holder is. `authority` is the service that certifies whoever enrols, `join` an invitation to enrol: a
 * certificate that is good for nothing but to ask for another.
 */
export const roles = ['person', 'node', 'broker', 'authority', 'join'] as const;
export type Role = (typeof roles)[number];

/** Those whose certificates people ask an authority for by hand; it makes the others itself. */
export const issuedRoles = ['person', 'node', 'broker'] as const satisfies readonly Role[];

/** Those who may enrol over the broker. */
export const enrolledRoles = ['person', 'node'] as const satisfies readonly Role[];
export type EnrolledRole = (typeof enrolledRoles)[number];

/** Whoever a verified certificate speaks for. */
export interface Principal {
  readonly role: Role;
  /** The node's identity or the person's name. */
  readonly name: string;
  /** SHA-256 of the certificate in DER, 64 lower-case hexadecimal digits. */
  readonly fingerprint: string;
  /** Until when the certificate holds, in milliseconds since the epoch; absent where that was not read. */
  readonly notAfterMs?: number;
  /** The collectives in which the certificate counts; all when absent. */
  readonly collectives?: readonly string[];
}

export function checkIdentity(text: string): Result<string> {
  if (identityPattern.test(text)) return ok(text);
  return fail('identity.invalid', `"${text.slice(0, 80)}" is not a valid identity`, {
    mend: 'Use 1 to 255 letters, digits, underscores, dots and hyphens.',
  });
}

/** How policies and audit name a person: MCollective's and Choria's spelling for certificate holders. */
export const callerOf = (person: string): string => `cert=${person}`;
