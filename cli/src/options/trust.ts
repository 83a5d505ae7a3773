import type { X509Certificate } from 'node:crypto';
import { findTrustFiles } from '@muster/client/configuration';
import { ok, type Result } from '@muster/protocol/errors';
import { readCertificates } from '@muster/runtime/crypto';
import type { Surroundings } from '../surroundings.ts';
import { homeOf } from './home.ts';

const longestBytes = 1024 * 1024;

/** The certificates of several files. Errors: `list.malformed`, `certificate.untrusted`, each with the name of the file. */
export async function readCertificateFiles(
  files: readonly string[],
  surroundings: Surroundings,
): Promise<Result<readonly X509Certificate[]>> {
  const all: X509Certificate[] = [];
  for (const file of files) {
    const pem = await surroundings.readFile(file, { longestBytes });
    const certificates = pem.ok ? readCertificates(pem.value) : pem;
    if (!certificates.ok)
      return { ok: false, error: { ...certificates.error, message: `${file}: ${certificates.error.message}` } };
    all.push(...certificates.value);
  }
  return ok(all);
}

/** Where a home has what it trusts; null where there is no home. */
async function findHomeTrust(
  home: string | undefined,
  surroundings: Surroundings,
): Promise<Result<{ readonly ca: string; readonly revocations: string | null } | null>> {
  const found = await findTrustFiles(homeOf(home, surroundings));
  // Whoever names a home means it.
  return !found.ok && found.error.code === 'home.missing' && home === undefined ? ok(null) : found;
}

/** The authorities of the given files, or else those of the home; null where there is neither. Errors: as above, those of the configuration. */
export async function readAuthorities(
  files: readonly string[] | undefined,
  home: string | undefined,
  surroundings: Surroundings,
): Promise<Result<readonly X509Certificate[] | null>> {
  if (files !== undefined) return readCertificateFiles(files, surroundings);
  const trust = await findHomeTrust(home, surroundings);
  if (!trust.ok) return trust;
  return trust.value === null ? ok(null) : readCertificateFiles([trust.value.ca], surroundings);
}

/** The file of revoked certificates that a home has; null where there is no home, or it has none. */
export async function findRevocations(
  home: string | undefined,
  surroundings: Surroundings,
): Promise<Result<string | null>> {
  const trust = await findHomeTrust(home, surroundings);
  return trust.ok ? ok(trust.value?.revocations ?? null) : trust;
}
