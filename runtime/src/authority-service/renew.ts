import { fail, ok, type Result } from '@muster/protocol/errors';
import { readSigningRequest } from '../pki/index.ts';
import { daysOf, isLiving, livingOf, type Case, type Decided } from './case.ts';

/**
 * The most certificates of one holder that hold at the same time: the present one, its successor, and one for a holder that lost its
 * new key before it used it.
 */
const mostLiving = 3;

/**
 * A node or a person asks with its present certificate for the next, which holds as long as this one was given for: a node for another key, a person
 * for the same or another one.
 *
 * Errors: `certificate.request`, `certificate.untrusted` for a certificate that is not on record, `sender.mismatch` when the request is
 * for another, `join.key_known`, `renewal.too_many`, `storage.failed`.
 */
export async function renew(given: Case, requestPem: string): Promise<Result<Decided>> {
  const { authority, principal, nowMs } = given;
  const { role, name } = principal;
  const living = livingOf(given, principal);
  const present = living.find(({ fingerprint }) => fingerprint === principal.fingerprint);
  if (present === undefined) {
    return fail('certificate.untrusted', `The certificate of ${role} "${name}" is not on record here`);
  }
  const request = await readSigningRequest(requestPem);
  if (!request.ok) return request;
  const { publicKey, fingerprint: key } = request.value;
  if (request.value.role !== role || request.value.name !== name) {
    const asked = `${request.value.role ?? 'nobody'} "${request.value.name ?? ''}"`;
    return fail('sender.mismatch', `${role} "${name}" asks for a certificate of ${asked}`);
  }
  const known = authority.register.enrolments.key(key);
  if (known !== undefined) {
    const record = known.state === 'issued' ? authority.register.bySerial(known.serial) : undefined;
    const isSuccessor = record?.renews === present.serial && isLiving(record, nowMs);
    if (isSuccessor && record.certificate !== undefined) {
      return ok({ answer: { kind: 'certificate', key, certificate: record.certificate } });
    }
    // What waits on a person's console is sealed with the key, and an agent does not give it away: it may stay.
    const staysTheSame = role === 'person' && record?.serial === present.serial;
    if (!staysTheSame) return fail('join.key_known', 'The key was certified before', { mend: 'Ask with a new key.' });
  }
  if (living.length >= mostLiving) {
    return fail('renewal.too_many', `${role} "${name}" has ${living.length} certificates that hold`, {
      mend: 'Revoke those that are not used: muster ca list, muster ca revoke.',
    });
  }
  const reason = { renews: present.serial };
  const issued = await authority.issue({ ...principalOf(given), publicKey, validDays: daysOf(present), reason });
  if (!issued.ok) return issued;
  return ok({
    answer: { kind: 'certificate', key, certificate: issued.value },
    audit: { kind: 'issued', details: { role, name, key, ...reason } },
  });
}

const principalOf = ({ principal: { role, name } }: Case) => ({ role, name });
