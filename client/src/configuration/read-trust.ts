import type { X509Certificate } from 'node:crypto';
import { ok, type Result } from '@muster/protocol/errors';
import { readSmallFile } from '@muster/runtime/config';
import { readCertificates, type RoleOf } from '@muster/runtime/crypto';
import { findTrustFiles } from './read-configuration.ts';

/** Whom a home believes. */
export interface HomeTrust {
  readonly authorities: readonly X509Certificate[];
  /** What a certificate's holder is that does not say so itself. */
  readonly roleOf: RoleOf;
}

/** Reads whom a home believes. Errors: those of `findTrustFiles`, `config.unreadable`, `certificate.untrusted`. */
export async function readHomeTrust(home: string): Promise<Result<HomeTrust>> {
  const files = await findTrustFiles(home);
  if (!files.ok) return files;
  const pem = await readSmallFile(files.value.ca);
  const authorities = pem.ok ? readCertificates(pem.value) : pem;
  return authorities.ok ? ok({ authorities: authorities.value, roleOf: files.value.roleOf }) : authorities;
}
