import type { X509Certificate } from 'node:crypto';
import type { Result } from '@muster/protocol/errors';
import { readSmallFile } from '@muster/runtime/config';
import { readCertificates } from '@muster/runtime/crypto';
import { findTrustFiles } from './read-configuration.ts';

/** The authorities that a home believes. Errors: those of `findTrustFiles`, `config.unreadable`, `certificate.untrusted`. */
export async function readHomeAuthorities(home: string): Promise<Result<readonly X509Certificate[]>> {
  const files = await findTrustFiles(home);
  if (!files.ok) return files;
  const pem = await readSmallFile(files.value.ca);
  return pem.ok ? readCertificates(pem.value) : pem;
}
