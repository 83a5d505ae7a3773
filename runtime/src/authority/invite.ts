import { randomBytes as systemRandomBytes } from '../crypto/index.ts';
import type { RandomBytes } from '../effects/index.ts';
import { ok, type Result } from '@muster/protocol/errors';
import { compileGlob } from '@muster/protocol/filter';
import type { EnrolledRole } from '@muster/protocol/identity';
import { createKeyPem, readSigningRequest, requestFor } from '../pki/index.ts';
import type { AuthorityFolder } from './authority-folder.ts';

/** Who is invited to join, and how. */
export interface InvitationOrder {
  readonly role: EnrolledRole;
  /** The name, or a glob of names, that it is for. */
  readonly names: string;
  readonly uses: number;
  /** Hours for which it is good. */
  readonly hours: number;
  /** Whether certificates are issued without a person's approval. */
  readonly atOnce: boolean;
  /** Whether certificates that a name has are taken back for the new one. */
  readonly replace: boolean;
  /** Days for which the certificates of those who join hold. */
  readonly validDays: number;
  /** Collectives to which these certificates are limited; all when absent. */
  readonly collectives?: string[];
}

/** An invitation that is on record. */
export interface Invited {
  readonly invitation: string;
  /** Its certificate and key, PEM. */
  readonly certificate: string;
  readonly key: string;
}

/** Makes an invitation, and a certificate for it that is good for nothing but to ask. Errors: `filter.syntax`, `storage.failed`. */
export async function invite(
  authority: AuthorityFolder,
  { hours, ...order }: InvitationOrder,
  randomBytes: RandomBytes = systemRandomBytes,
): Promise<Result<Invited>> {
  const glob = compileGlob(order.names);
  if (!glob.ok) return glob;
  const invitation = Buffer.from(randomBytes(8)).toString('hex');
  const about = { role: 'join', name: invitation } as const;
  const key = await createKeyPem();
  const request = await readSigningRequest(await requestFor(key, about));
  if (!request.ok) return request;
  // On record first: an invitation that nobody has a certificate for does no harm.
  const noted = await authority.note({ kind: 'invited', invitation, ...order });
  if (!noted.ok) return noted;
  const issued = await authority.issue({ ...about, publicKey: request.value.publicKey, validDays: hours / 24 });
  return issued.ok ? ok({ invitation, certificate: issued.value, key }) : issued;
}
