import type { X509Certificate } from 'node:crypto';
import type { CertificateState } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { readSmallFile } from '@muster/runtime/config';
import { fingerprintOf, readCertificates, readHolder, type RoleOf } from '@muster/runtime/crypto';
import { findTrustFiles } from '../configuration/index.ts';

function stateOf(certificate: X509Certificate, use: CertificateState['use'], roleOf: RoleOf): CertificateState {
  const holder = readHolder(certificate, roleOf);
  return {
    use,
    role: certificate.ca ? 'authority' : holder.ok ? holder.value.role : null,
    name: /(?:^|\n)CN=(.*)/.exec(certificate.subject)?.[1] ?? '',
    notBeforeMs: certificate.validFromDate.getTime(),
    notAfterMs: certificate.validToDate.getTime(),
    fingerprint: fingerprintOf(certificate),
  };
}

async function readPem(file: string): Promise<Result<readonly X509Certificate[]>> {
  const pem = await readSmallFile(file);
  if (!pem.ok) return pem;
  const read = readCertificates(pem.value);
  return read.ok ? read : fail('certificate.untrusted', `${file}: ${read.error.message}`);
}

/**
 * The certificates that a home's configuration names, as its files have them now: its own, then those of its authorities. Needs no key.
 *
 * Errors: those of {@link findTrustFiles}; `config.unreadable`, `certificate.untrusted` for a file without a certificate.
 */
export async function readOwnCertificates(home: string): Promise<Result<readonly CertificateState[]>> {
  const found = await findTrustFiles(home);
  if (!found.ok) return found;
  const own = await readPem(found.value.certificate);
  if (!own.ok) return own;
  const authorities = await readPem(found.value.ca);
  if (!authorities.ok) return authorities;
  return ok([
    ...own.value.slice(0, 1).map((certificate) => stateOf(certificate, 'own', found.value.roleOf)),
    ...authorities.value.map((certificate) => stateOf(certificate, 'authority', found.value.roleOf)),
  ]);
}
