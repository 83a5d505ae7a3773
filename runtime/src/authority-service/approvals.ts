import type { Waiting } from '@muster/protocol/enrolment';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { JoinRequest } from '../authority/index.ts';
import { readSigningRequest } from '../pki/index.ts';
import { livingOf, type Case, type Decided } from './case.ts';
import { issueFirst } from './issue.ts';

/** Whether the person who asks may approve. Errors: `join.not_approver`. */
function approver({ principal, approvers }: Case): Result<string> {
  if (principal.role === 'person' && approvers.includes(principal.name)) return ok(principal.name);
  return fail('join.not_approver', `"${principal.name}" may not approve requests to join`, {
    mend: 'Have the name put under "approvers" in authority.yaml.',
  });
}

function waitingFor({ authority }: Case, key: string): Result<JoinRequest> {
  const known = authority.register.enrolments.key(key);
  if (known?.state === 'waiting') return ok(known.request);
  const fate = known === undefined ? 'never asked to join' : known.state === 'issued' ? 'was approved' : 'was rejected';
  return fail('join.unknown_request', `No request with the key ${key.slice(0, 16)}… waits: it ${fate}`);
}

/** Who waits for approval. Errors: `join.not_approver`. */
export function listWaiting(given: Case): Result<Decided> {
  const allowed = approver(given);
  if (!allowed.ok) return allowed;
  const waiting = given.authority.register.enrolments.waiting.map(({ key, role, name, invitation, at }): Waiting => {
    const until = livingOf(given, { role, name }).map(({ notAfter }) => Date.parse(notAfter));
    const holdsUntilMs = until.length === 0 ? null : Math.max(...until);
    return { key, role, name, invitation, askedAtMs: Date.parse(at), holdsUntilMs };
  });
  return ok({ answer: { kind: 'waiting', waiting } });
}

/**
 * A person approves a request by the fingerprint of its key.
 *
 * Errors: `join.not_approver`, `join.unknown_request`, `join.identity_taken`, `storage.failed`.
 */
export async function approve(
  given: Case,
  { key, replace }: { readonly key: string; readonly replace: boolean },
): Promise<Result<Decided>> {
  const allowed = approver(given);
  if (!allowed.ok) return allowed;
  const found = waitingFor(given, key);
  if (!found.ok) return found;
  const { role, name, invitation, request: pem } = found.value;
  const request = await readSigningRequest(pem);
  if (!request.ok) return request;
  const { validDays = 1, collectives } = given.authority.register.enrolments.invitation(invitation) ?? {};
  const reason = { invitation, approvedBy: allowed.value };
  const issued = await issueFirst(given, {
    role,
    name,
    request: request.value,
    validDays,
    collectives,
    replace,
    reason,
  });
  if (!issued.ok) return issued;
  return ok({
    ...issued.value,
    answer: { kind: 'decided', key, role, name, decision: 'approved' },
    tell: { key, answer: issued.value.answer },
  });
}

/** A person rejects a request, which gives its use of the invitation back. Errors: `join.not_approver`, `join.unknown_request`, `storage.failed`. */
export async function reject(given: Case, key: string): Promise<Result<Decided>> {
  const allowed = approver(given);
  if (!allowed.ok) return allowed;
  const found = waitingFor(given, key);
  if (!found.ok) return found;
  const noted = await given.authority.note({ kind: 'rejected', key, by: allowed.value });
  if (!noted.ok) return noted;
  const { role, name, invitation } = found.value;
  const message = `${allowed.value} rejected the request to join`;
  return ok({
    answer: { kind: 'decided', key, role, name, decision: 'rejected' },
    audit: { kind: 'rejected', details: { role, name, key, invitation, by: allowed.value } },
    tell: { key, answer: { kind: 'refused', code: 'join.rejected', message, mend: null } },
  });
}
