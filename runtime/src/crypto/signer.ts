import { createPrivateKey, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Signer } from '@muster/protocol/envelope';
import { fail, ok, type Result } from '@muster/protocol/errors';

const signAsync = promisify<string | null, Uint8Array, ReturnType<typeof signingForm>, Buffer>(sign);

/** The hash that goes with a key; Ed25519 brings its own. */
export const digestFor = (key: KeyObject): string | null => (key.asymmetricKeyType === 'ed25519' ? null : 'sha256');

/** A key as it signs and verifies: signatures of ECDSA have a fixed length in this form (IEEE P1363), and none in DER. */
export const signingForm = (key: KeyObject): KeyObject | { key: KeyObject; dsaEncoding: 'ieee-p1363' } =>
  key.asymmetricKeyType === 'ec' ? { key, dsaEncoding: 'ieee-p1363' } : key;

const signingKeys = ['ed25519', 'rsa', 'ec'];

async function signatureLength(key: KeyObject): Promise<number> {
  return (await signAsync(digestFor(key), Buffer.alloc(0), signingForm(key))).length;
}

/**
 * A signer with a key held in memory. Ed25519, or RSA and ECDSA with SHA-256 where certificates come from Puppet.
 *
 * Errors: `certificate.untrusted` when key and certificate cannot be read or do not belong together, or nothing is signed with such keys.
 */
export async function createSigner(pem: { certificatePem: string; keyPem: string }): Promise<Result<Signer>> {
  try {
    const certificate = new X509Certificate(pem.certificatePem);
    const key = createPrivateKey(pem.keyPem);
    if (!certificate.checkPrivateKey(key))
      return fail('certificate.untrusted', 'The private key does not belong to the certificate');
    if (!signingKeys.includes(key.asymmetricKeyType ?? '')) {
      return fail(
        'certificate.untrusted',
        `Messages cannot be signed with a ${key.asymmetricKeyType ?? 'secret'} key`,
        {
          mend: 'Use an Ed25519, ECDSA or RSA key.',
        },
      );
    }
    return ok({
      certificate: certificate.raw,
      signatureBytes: await signatureLength(key),
      sign: (bytes) => signAsync(digestFor(key), bytes, signingForm(key)),
    });
  } catch (thrown) {
    return fail(
      'certificate.untrusted',
      `The certificate or its key cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
}
