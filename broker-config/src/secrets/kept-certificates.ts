import { join } from 'node:path';
import type { Clock } from '@muster/runtime/effects';
import {
  createAuthority,
  issueCertificate,
  loadAuthority,
  type Authority,
  type CertificateRequest,
  type IssuedCertificate,
} from '@muster/runtime/pki';
import { keptSecret, writePrivate } from './secret-files.ts';

/** Makes a key and has it certified. */
export type IssueCertificate = (request: CertificateRequest) => Promise<IssuedCertificate>;

/** Issues with an authority that writes nothing down. */
export const issuedBy =
  (authority: Authority): IssueCertificate =>
  (request) =>
    issueCertificate(authority, request);

/** The authority in `ca.pem` and `ca.key` of a folder, made when it is not there. */
export async function keptAuthority(
  folder: string,
  options: { readonly name: string; readonly clock: Clock },
): Promise<Authority> {
  const certificatePem = await keptSecret(join(folder, 'ca.pem'), async () => {
    const made = await createAuthority(options);
    await writePrivate(join(folder, 'ca.key'), made.keyPem);
    return made.certificatePem;
  });
  const keyPem = await keptSecret(join(folder, 'ca.key'), () => {
    throw new Error(`${join(folder, 'ca.key')} is missing beside its ca.pem`);
  });
  return loadAuthority({ certificatePem, keyPem, clock: options.clock });
}

/** A certificate and its key in `path.pem` and `path.key`, issued when they are not there. */
export async function keptCertificate(
  path: string,
  issue: IssueCertificate,
  request: CertificateRequest,
): Promise<void> {
  await keptSecret(`${path}.pem`, async () => {
    const { certificatePem, keyPem } = await issue(request);
    await writePrivate(`${path}.key`, keyPem);
    return certificatePem;
  });
}
