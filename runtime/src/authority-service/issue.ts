import { fail, ok, type Result } from '@muster/protocol/errors';
import type { EnrolledRole } from '@muster/protocol/identity';
import type { IssueOrder } from '../authority/index.ts';
import type { SigningRequest } from '../pki/index.ts';
import { livingOf, type Case, type Decided } from './case.ts';

/** A first certificate for a name. */
export interface FirstCertificate {
  readonly role: EnrolledRole;
  readonly name: string;
  readonly request: Pick<SigningRequest, 'publicKey' | 'fingerprint'>;
  readonly validDays: number;
  readonly collectives?: readonly string[] | undefined;
  /** Whether certificates that the name has are to be taken back; with some and without this it gets none. */
  readonly replace: boolean;
  readonly reason: NonNullable<IssueOrder['reason']>;
}

/** Issues it. Errors: `join.identity_taken`, `storage.failed`. */
export async function issueFirst(given: Case, wanted: FirstCertificate): Promise<Result<Decided>> {
  const { authority, principal } = given;
  const { role, name, request, validDays, reason } = wanted;
  const living = livingOf(given, { role, name });
  if (living.length > 0 && !wanted.replace) {
    return fail('join.identity_taken', `There is a certificate of ${role} "${name}" that still holds`, {
      mend: 'When the machine was set up anew, say so: muster join approve --replace, or muster ca invite --replace.',
    });
  }
  if (living.length > 0) {
    const revoked = await authority.revokeAll(living, 'superseded');
    if (!revoked.ok) return revoked;
  }
  const { collectives = [] } = wanted;
  const order = { role, name, publicKey: request.publicKey, validDays, collectives, reason };
  const issued = await authority.issue(order);
  if (!issued.ok) return issued;
  const replaced = living.map(({ serial }) => serial);
  const details = { role, name, key: request.fingerprint, replaced, ...reason, askedBy: principal.name };
  return ok({
    answer: { kind: 'certificate', key: request.fingerprint, certificate: issued.value },
    audit: { kind: 'issued', details },
  });
}
