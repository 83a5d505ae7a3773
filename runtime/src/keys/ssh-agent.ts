import { createHash, createPublicKey, verify, X509Certificate, type KeyObject } from 'node:crypto';
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

/** Whether a key of the agent is meant by its comment or its fingerprint, as `ssh-add -l` shows them. */
function isNamed(offered: KnownPublicKeys<ParsedKey>[number], name: string): offered is ParsedKey {
  if (!('getPublicSSH' in offered)) return false;
  const fingerprint = createHash('sha256').update(offered.getPublicSSH()).digest('base64').replace(/=+$/, '');
  return offered.comment === name || `SHA256:${fingerprint}` === name;
}

/** A private key that an SSH agent holds; it never leaves the agent. */
export interface AgentKey {
  readonly publicKey: KeyObject;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/**
 * Finds a private key in an SSH agent: of a public one, or by its comment or fingerprint. Signatures are Ed25519's, or RSA's with SHA-256.
 *
 * Errors: `key.agent` when the agent cannot be reached, has no such key, or several of that comment.
 */
export async function findAgentKey(socket: string, meant: KeyObject | string): Promise<Result<AgentKey>> {
  // Only who has a key in an agent needs the library.
  const { default: ssh } = await import('ssh2');
  const agent = new ssh.OpenSSHAgent(socket);
  try {
    const keys = await answerOf<KnownPublicKeys<ParsedKey>>((answer) => agent.getIdentities(answer));
    const matching =
      typeof meant === 'string'
        ? keys.filter((key): key is ParsedKey => isNamed(key, meant))
        : keys.filter((key): key is ParsedKey => isKey(key, spki(meant)));
    const [found, ...others] = matching;
    if (found === undefined) {
      const which = typeof meant === 'string' ? `a key "${meant}"` : 'the key of the certificate';
      return fail('key.agent', `The SSH agent does not hold ${which}`, { mend: 'Run: ssh-add KEY' });
    }
    if (others.length > 0)
      return fail('key.agent', 'The SSH agent has several such keys', {
        mend: 'Name one by its SHA256:… of ssh-add -l.',
      });
    return ok({
      publicKey: typeof meant === 'string' ? createPublicKey(found.getPublicPEM()) : meant,
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
