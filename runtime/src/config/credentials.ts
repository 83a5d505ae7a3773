import type { X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Signer, Verifier } from '@muster/protocol/envelope';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { BrokerSettings } from '../bus/index.ts';
import { createSigner, createVerifier, readCertificates } from '../crypto/index.ts';
import type { Clock } from '../effects/index.ts';
import { openRevocations, type Revocations } from '../revocations/index.ts';
import type { BrokerSection, TrustSection } from './sections.ts';
import { readSmallFile, resolveFrom } from './yaml-file.ts';

/** What the files behind a configuration give: how to reach the broker, in whose name to sign, and whom to believe. */
export interface Credentials {
  readonly broker: BrokerSettings;
  readonly signer: Signer;
  readonly verifier: Verifier;
  /** What the authorities took back; undefined where no list is configured. */
  readonly revocations: Revocations | undefined;
}

async function readSecretFile(file: string): Promise<Result<string>> {
  const text = await readSmallFile(file);
  if (!text.ok) return text;
  const { mode } = await stat(file);
  if ((mode & 0o077) === 0) return text;
  return fail('config.invalid', `${file} holds a secret and others may read it`, { mend: `Run: chmod 600 "${file}"` });
}

/** The list that is configured, if one is. */
async function readRevocations(
  file: string | undefined,
  authorities: readonly X509Certificate[],
  clock: Clock,
): Promise<Result<Revocations | undefined>> {
  return file === undefined ? ok(undefined) : openRevocations({ file, authorities, clock });
}

/**
 * Reads the files that a configuration names. Secrets must not be readable by group or others.
 *
 * Errors: `config.unreadable`, `config.invalid`, `certificate.untrusted`, `revocations.unreadable`.
 */
export async function loadCredentials(options: {
  file: string;
  broker: BrokerSection;
  trust: TrustSection;
  connectionName: string;
  clock: Clock;
}): Promise<Result<Credentials>> {
  const at = (path: string) => resolveFrom(options.file, path);
  const ca = await readSmallFile(at(options.trust.ca));
  if (!ca.ok) return ca;
  const authorities = readCertificates(ca.value);
  if (!authorities.ok) {
    return fail('certificate.untrusted', `${at(options.trust.ca)} is not a certificate in PEM`);
  }
  const certificate = await readSmallFile(at(options.trust.certificate));
  if (!certificate.ok) return certificate;
  const key = await readSecretFile(at(options.trust.key));
  if (!key.ok) return key;
  const password = await readSecretFile(at(options.broker.password_file));
  if (!password.ok) return password;
  const signer = await createSigner({ certificatePem: certificate.value, keyPem: key.value });
  if (!signer.ok) return signer;
  const { revocations: list } = options.trust;
  const read = await readRevocations(list === undefined ? undefined : at(list), authorities.value, options.clock);
  if (!read.ok) return read;
  const { value: revocations } = read;
  const verifier = createVerifier({ caPem: ca.value, ...(revocations === undefined ? {} : { revocations }) });
  const { urls, username, server_name: serverName } = options.broker;
  const { random_start: startAnywhere, queue_type: queueType } = options.broker;
  const broker = {
    urls,
    startAnywhere,
    queueType,
    username,
    password: password.value.trim(),
    ca: ca.value,
    certificate: certificate.value,
    key: key.value,
    connectionName: options.connectionName,
    ...(serverName === undefined ? {} : { serverName }),
    ...(revocations === undefined ? {} : { revocations }),
  };
  return ok({ broker, signer: signer.value, verifier, revocations });
}
