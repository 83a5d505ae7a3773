import { createPublicKey, verify, X509Certificate, type KeyObject } from 'node:crypto';
import type { KnownPublicKeys, ParsedKey } from 'ssh2';
import type { Signer } from '@muster/protocol/envelope';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { digestFor } from '../crypto/index.ts';

/** How long an agent may take to answer, in milliseconds: some ask a person first, or want a key touched. */
const answerMs = 120_000;

/** The answer of an agent to one question. Rejects when it refuses, cannot be reached, or is silent for too long. */
function answerOf<T>(ask: (answer: (error: Error | null | undefined, value?: T) => void) => void): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(() => reject(new Error('it does not answer')), answerMs);
  timer.unref();
  ask((error, value) => {
    clearTimeout(timer);
    if (value === undefined) reject(error ?? new Error('it gave no answer'));
    else resolve(value);
  });
  return promise;
}

const spki = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });

/** Whether a key of the agent is the one; such that cannot be told in PEM are not. */
function isKey(offered: KnownPublicKeys<ParsedKey>[number], wanted: Buffer): offered is ParsedKey {
  try {
    return 'getPublicPEM' in offered && spki(createPublicKey(offered.getPublicPEM())).equals(wanted);
  } catch {
    return false;
  }
}

/** A private key that an SSH agent holds; it never leaves the agent. */
export interface AgentKey {
  readonly publicKey: KeyObject;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/**
 * Finds the private key of a public one in an SSH agent. Ed25519, or RSA with SHA-256.
 *
 * Errors: `key.agent` when the agent cannot be reached or has no such key.
 */
export async function findAgentKey(socket: string, publicKey: KeyObject): Promise<Result<AgentKey>> {
  // Only who has a key in an agent needs the library.
  const { default: ssh } = await import('ssh2');
  const agent = new ssh.OpenSSHAgent(socket);
  try {
    const keys = await answerOf<KnownPublicKeys<ParsedKey>>((answer) => agent.getIdentities(answer));
    const wanted = spki(publicKey);
    const found = keys.find((key): key is ParsedKey => isKey(key, wanted));
    if (found === undefined) {
      return fail('key.agent', 'The SSH agent does not hold the key of the certificate', { mend: 'Run: ssh-add KEY' });
    }
    return ok({
      publicKey,
      sign: (bytes) => answerOf<Buffer>((answer) => agent.sign(found, Buffer.from(bytes), { hash: 'sha256' }, answer)),
    });
  } catch (thrown) {
    return fail('key.agent', `The SSH agent at ${socket} cannot be asked: ${faultFrom(thrown).message}`);
  }
}

/**
 * A signer whose key an SSH agent holds: that of the certificate. It is asked for a signature at once, which is checked.
 *
 * Errors: `certificate.untrusted` when the certificate cannot be read, or its key is of another kind; `key.agent`.
 */
export async function createAgentSigner(options: {
  readonly certificatePem: string;
  /** The agent's, as `SSH_AUTH_SOCK` has it. */
  readonly socket: string;
}): Promise<Result<Signer>> {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(options.certificatePem);
  } catch (thrown) {
    return fail('certificate.untrusted', `The certificate cannot be read: ${faultFrom(thrown).message}`);
  }
  const { publicKey } = certificate;
  if (publicKey.asymmetricKeyType !== 'ed25519' && publicKey.asymmetricKeyType !== 'rsa')
    return fail('certificate.untrusted', `Messages cannot be signed with a ${publicKey.asymmetricKeyType} key`);
  const key = await findAgentKey(options.socket, publicKey);
  if (!key.ok) return key;
  const trial = Buffer.from('muster: is this the key of the certificate?');
  try {
    const signature = await key.value.sign(trial);
    if (!verify(digestFor(publicKey), trial, publicKey, signature))
      return fail('key.agent', 'The SSH agent gives signatures that do not fit the key');
    return ok({
      certificate: certificate.raw,
      signatureBytes: signature.length,
      sign: (bytes) => key.value.sign(bytes),
    });
  } catch (thrown) {
    return fail('key.agent', `The SSH agent does not sign: ${faultFrom(thrown).message}`, {
      mend: 'See whether it is locked (ssh-add -X), or asks somewhere for consent.',
    });
  }
}
