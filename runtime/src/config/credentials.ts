import { stat } from 'node:fs/promises';
import type { Signer, Verifier } from '@muster/protocol/envelope';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { BrokerSettings } from '../bus/index.ts';
import { createSigner, createVerifier } from '../crypto/index.ts';
import type { BrokerSection, TrustSection } from './sections.ts';
import { readSmallFile, resolveFrom } from './yaml-file.ts';

/** What the files behind a configuration give: how to reach the broker, in whose name to sign, and whom to believe. */
export interface Credentials {
  readonly broker: BrokerSettings;
  readonly signer: Signer;
  readonly verifier: Verifier;
}

async function readSecretFile(file: string): Promise<Result<string>> {
  const text = await readSmallFile(file);
  if (!text.ok) return text;
  const { mode } = await stat(file);
  if ((mode & 0o077) === 0) return text;
  return fail('config.invalid', `${file} holds a secret and others may read it`, { mend: `Run: chmod 600 "${file}"` });
}

/**
 * Reads the files that a configuration names. Secrets must not be readable by group or others.
 *
 * Errors: `config.unreadable`, `config.invalid`, `certificate.untrusted`.
 */
export async function loadCredentials(options: {
  file: string;
  broker: BrokerSection;
  trust: TrustSection;
  connectionName: string;
}): Promise<Result<Credentials>> {
  const at = (path: string) => resolveFrom(options.file, path);
  const ca = await readSmallFile(at(options.trust.ca));
  if (!ca.ok) return ca;
  const certificate = await readSmallFile(at(options.trust.certificate));
  if (!certificate.ok) return certificate;
  const key = await readSecretFile(at(options.trust.key));
  if (!key.ok) return key;
  const password = await readSecretFile(at(options.broker.password_file));
  if (!password.ok) return password;
  const signer = await createSigner({ certificatePem: certificate.value, keyPem: key.value });
  if (!signer.ok) return signer;
  try {
    const verifier = createVerifier({ caPem: ca.value });
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
    };
    return ok({ broker, signer: signer.value, verifier });
  } catch {
    return fail('certificate.untrusted', `${at(options.trust.ca)} is not a certificate in PEM`);
  }
}
