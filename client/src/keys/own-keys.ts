import { createPrivateKey, type X509Certificate } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { readSmallFile } from '@muster/runtime/config';
import { readCertificates, readTrusted, type RoleOf } from '@muster/runtime/crypto';
import { openKeyFile, protectKey, type AskPassphrase } from '@muster/runtime/keys';
import { createSigningRequest } from '@muster/runtime/pki';
import { hasCode } from '@muster/runtime/files';
import { findKeyFile, nextKey } from './key-file.ts';

const unwritable = (thrown: unknown): Result<never> =>
  fail('file.unwritable', `The key cannot be written: ${faultFrom(thrown).message}`);

const isThere = (thrown: unknown): boolean => hasCode(thrown, 'EEXIST');

/**
 * Makes another key for a home, `KEY.next`, and the request for its certificate, `KEY.csr`. The key that is used stays in use until
 * {@link importCertificate} brings that certificate. Where that one is protected, the new one is so by the same passphrase.
 *
 * Errors: `file.unwritable`, also when a key waits already and is not to be replaced; those of {@link findKeyFile} and {@link openKeyFile}.
 */
export async function rotateKey(
  home: string,
  { replace, ask }: { readonly replace: boolean; readonly ask?: AskPassphrase },
): Promise<Result<{ readonly key: string; readonly request: string }>> {
  const found = await findKeyFile(home);
  if (!found.ok) return found;
  const files = found.value;
  const present = await openKeyFile(files.key, ask);
  if (!present.ok) return present;
  const { passphrase } = present.value;
  const [key, request] = [nextKey(files), `${files.key}.csr`];
  const made = await createSigningRequest({ role: 'person', name: files.person });
  const kept = passphrase === null ? made.keyPem : await protectKey(made.keyPem, passphrase);
  try {
    if (replace) await rm(key, { force: true });
    await writeFile(key, kept, { flag: 'wx', mode: 0o600 });
    await writeFile(request, made.requestPem, { mode: 0o644 });
    return ok({ key, request });
  } catch (thrown) {
    if (!isThere(thrown)) return unwritable(thrown);
    return fail('file.unwritable', `${key} waits for its certificate already`, {
      mend: 'Import that certificate, or say --replace to begin anew.',
    });
  }
}

/** A certificate that was brought into a home. */
export interface Imported {
  readonly certificate: string;
  readonly key: string;
  /** Whether it is for a key that waited for it. */
  readonly isNewKey: boolean;
  /** ISO 8601 in UTC. */
  readonly notAfter: string;
}

/** Whether it is the certificate of a key. Without one in the file it is not. Errors: those of the passphrase. */
async function belongsTo(
  certificate: X509Certificate,
  keyFile: string,
  ask: AskPassphrase | undefined,
): Promise<Result<boolean>> {
  const key = await openKeyFile(keyFile, ask);
  if (!key.ok) return key.error.code.startsWith('key.') ? key : ok(false);
  try {
    return ok(certificate.checkPrivateKey(createPrivateKey(key.value.pem)));
  } catch {
    return ok(false);
  }
}

/** Why the certificate is not this home's. */
function strangeness(
  certificate: X509Certificate,
  {
    person,
    authorities,
    roleOf,
    nowMs,
  }: { person: string; authorities: readonly X509Certificate[]; roleOf: RoleOf; nowMs: number },
): Result<null> {
  const trusted = readTrusted(certificate.raw, authorities, roleOf);
  if (!trusted.ok) return trusted;
  const { principal, notBeforeMs, notAfterMs } = trusted.value;
  if (principal.role !== 'person' || principal.name !== person) {
    return fail(
      'sender.mismatch',
      `It is the certificate of ${principal.role} "${principal.name}", not of "${person}"`,
    );
  }
  if (nowMs < notBeforeMs || nowMs > notAfterMs) {
    return fail('certificate.expired', 'The certificate is not valid at this time');
  }
  return ok(null);
}

/**
 * Brings a certificate (PEM) into a home: for the key that is used, or for the one that waits, which takes its place. A process that
 * is cut off in between leaves a home into which the same certificate can be brought again.
 *
 * Errors: `certificate.untrusted` (also when neither key is its own), `certificate.role`, `certificate.expired`, `sender.mismatch`,
 * `file.unwritable`; those of {@link findKeyFile} and {@link openKeyFile}.
 */
export async function importCertificate(
  home: string,
  pem: string,
  { nowMs, ask }: { readonly nowMs: number; readonly ask?: AskPassphrase },
): Promise<Result<Imported>> {
  const found = await findKeyFile(home);
  if (!found.ok) return found;
  const files = found.value;
  const read = readCertificates(pem);
  if (!read.ok) return read;
  const [certificate] = read.value;
  if (certificate === undefined) return fail('certificate.untrusted', 'There is no certificate in PEM');
  const ca = await readSmallFile(files.ca);
  const authorities = ca.ok ? readCertificates(ca.value) : ca;
  if (!authorities.ok) return authorities;
  const strange = strangeness(certificate, {
    person: files.person,
    authorities: authorities.value,
    roleOf: files.roleOf,
    nowMs,
  });
  if (!strange.ok) return strange;
  const waiting = nextKey(files);
  const isPresent = await belongsTo(certificate, files.key, ask);
  if (!isPresent.ok) return isPresent;
  const isNewKey = !isPresent.value;
  const isWaiting = isNewKey ? await belongsTo(certificate, waiting, ask) : ok(false);
  if (!isWaiting.ok) return isWaiting;
  if (isNewKey && !isWaiting.value) {
    return fail('certificate.untrusted', `The certificate belongs neither to ${files.key} nor to ${waiting}`, {
      mend: 'Have the request certified that muster keys rotate makes.',
    });
  }
  try {
    await writeFile(`${files.certificate}.next`, certificate.toString(), { mode: 0o644 });
    if (isNewKey) await rename(waiting, files.key);
    await rename(`${files.certificate}.next`, files.certificate);
  } catch (thrown) {
    return unwritable(thrown);
  }
  const notAfter = certificate.validToDate.toISOString();
  return ok({ certificate: files.certificate, key: files.key, isNewKey, notAfter });
}
