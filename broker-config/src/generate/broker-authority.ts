import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unwrap } from '@muster/protocol/errors';
import { makeAuthority, openAuthority, type AuthorityFolder } from '@muster/runtime/authority';
import type { Clock } from '@muster/runtime/effects';
import { createSigningRequest, readSigningRequest } from '@muster/runtime/pki';
import type { IssueCertificate } from '../secrets/index.ts';
import type { BrokerAuthority } from './write-broker.ts';

const issueFrom =
  (authority: AuthorityFolder): IssueCertificate =>
  async (request) => {
    const { requestPem, keyPem } = await createSigningRequest(request);
    const { publicKey } = unwrap(await readSigningRequest(requestPem));
    return { certificatePem: unwrap(await authority.issue({ ...request, publicKey })), keyPem };
  };

/**
 * Lets work be done with the authority in a folder, for this process alone; it is made when there is none. What is issued is in its
 * register. Throws when the folder cannot be used.
 */
export async function withBrokerAuthority(
  folder: string,
  clock: Clock,
  work: (authority: BrokerAuthority) => Promise<void>,
): Promise<void> {
  const made = await makeAuthority(folder, { name: 'Muster authority', clock });
  if (!made.ok && made.error.code !== 'authority.exists') unwrap(made);
  const authority = unwrap(await openAuthority(folder, clock));
  try {
    await work({
      certificatePem: authority.certificatePem,
      revocationsPem: await readFile(join(folder, 'crl.pem'), 'utf8').catch(() => ''),
      issue: issueFrom(authority),
    });
  } finally {
    await authority.close();
  }
}
