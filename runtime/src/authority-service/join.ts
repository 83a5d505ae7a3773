import { enrolmentLimits } from '@muster/protocol/enrolment';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { compileGlob } from '@muster/protocol/filter';
import type { Invitation } from '../authority/index.ts';
import { readSigningRequest, type SigningRequest } from '../pki/index.ts';
import { isLiving, livingOf, type Case, type Decided } from './case.ts';
import { issueFirst } from './issue.ts';

/** What a key is told that asked before: the same again, so that a lost answer costs nothing. Undefined for a new key. */
function knownKey({ authority, nowMs }: Case, key: string, invitation: string): Result<Decided> | undefined {
  const known = authority.register.enrolments.key(key);
  if (known === undefined) return undefined;
  const keyKnown = fail('join.key_known', 'The key was certified before', { mend: 'Join with a new key.' });
  if (known.state === 'issued') {
    const record = authority.register.bySerial(known.serial);
    const { certificate } = record ?? {};
    if (record?.invitation !== invitation || certificate === undefined || !isLiving(record, nowMs)) return keyKnown;
    return ok({ answer: { kind: 'certificate', key, certificate } });
  }
  if (known.request.invitation !== invitation) return keyKnown;
  if (known.state === 'waiting') return ok({ answer: { kind: 'held', key } });
  return fail('join.rejected', `${known.by} rejected the request to join`);
}

/** Whether an invitation is for whom a request names. Errors: `join.not_invited`. */
function invited(
  { role, names }: Invitation,
  { role: asked, name }: SigningRequest,
): Result<{ readonly role: Invitation['role']; readonly name: string }> {
  const covers = compileGlob(names);
  if (asked === role && name !== undefined && covers.ok && covers.value(name)) return ok({ role, name });
  const who = `${asked ?? 'nobody'} "${name ?? ''}"`;
  return fail('join.not_invited', `The invitation is for ${role} "${names}", not for ${who}`);
}

/**
 * Somebody with an invitation asks for a first certificate.
 *
 * Errors: `certificate.request`, `join.unknown_invitation`, `join.not_invited`, `join.used`, `join.rejected`, `join.key_known`,
 * `join.identity_taken`, `join.full`, `storage.failed`.
 */
export async function join(given: Case, requestPem: string): Promise<Result<Decided>> {
  const { authority, principal } = given;
  const { enrolments } = authority.register;
  const invitation = enrolments.invitation(principal.name);
  if (invitation === undefined) {
    return fail('join.unknown_invitation', `There is no invitation ${principal.name}`);
  }
  const request = await readSigningRequest(requestPem);
  if (!request.ok) return request;
  const { fingerprint: key } = request.value;
  const known = knownKey(given, key, invitation.invitation);
  if (known !== undefined) return known;
  const who = invited(invitation, request.value);
  if (!who.ok) return who;
  if (enrolments.usesOf(invitation.invitation) >= invitation.uses) {
    return fail('join.used', `The invitation ${invitation.invitation} has been used up`, {
      mend: 'Have another one made: muster ca invite.',
    });
  }
  const { role, name } = who.value;
  if (invitation.atOnce) {
    return issueFirst(given, {
      role,
      name,
      request: request.value,
      validDays: invitation.validDays,
      collectives: invitation.collectives,
      replace: invitation.replace,
      reason: { invitation: invitation.invitation },
    });
  }
  if (enrolments.waiting.length >= enrolmentLimits.waiting) {
    return fail('join.full', `${enrolments.waiting.length} requests wait for approval already`);
  }
  const about = { key, invitation: invitation.invitation, role, name };
  const noted = await authority.note({ kind: 'requested', ...about, request: requestPem });
  if (!noted.ok) return noted;
  const replaces = livingOf(given, { role, name }).map(({ serial }) => serial);
  return ok({ answer: { kind: 'held', key }, audit: { kind: 'held', details: { ...about, replaces } } });
}
