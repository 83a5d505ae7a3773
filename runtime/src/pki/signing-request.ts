import { createPublicKey, webcrypto, type KeyObject } from 'node:crypto';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { identityPattern, roles, type Role } from '@muster/protocol/identity';
import { keyFingerprintOf } from '../crypto/index.ts';
import { ed25519, generateKeyPair, privateKeyPem, readKeyPair, type PublicKey } from './keys.ts';
import { Pkcs10CertificateRequest, Pkcs10CertificateRequestGenerator } from './x509.ts';

/** A request for a certificate (PKCS #10) whose sender was seen to hold the private key. */
export interface SigningRequest {
  readonly publicKey: PublicKey;
  /** As `keyFingerprintOf` gives it. */
  readonly fingerprint: string;
  /** What it asks to be; whoever signs decides. Absent where it does not say, or nothing that there is. */
  readonly role?: Role;
  readonly name?: string;
}

/** Makes an Ed25519 key pair, and the request for a certificate of it. The key is PKCS #8, to be kept where only its owner reads. */
export async function createSigningRequest(about: {
  readonly role: Role;
  readonly name: string;
}): Promise<{ readonly requestPem: string; readonly keyPem: string }> {
  const keys = await generateKeyPair();
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ O: ['Muster'] }, { OU: [about.role] }, { CN: [about.name] }],
    keys,
    signingAlgorithm: ed25519,
  });
  return { requestPem: `${request.toString('pem')}\n`, keyPem: await privateKeyPem(keys.privateKey) };
}

/** An Ed25519 key alone: PKCS #8 in PEM, to be kept where only its owner reads. */
export async function createKeyPem(): Promise<string> {
  return privateKeyPem((await generateKeyPair()).privateKey);
}

/** The request, PEM, for a certificate of an Ed25519 key that is there already. Throws when it is none. */
export async function requestFor(
  keyPem: string,
  about: { readonly role: Role; readonly name: string },
): Promise<string> {
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ O: ['Muster'] }, { OU: [about.role] }, { CN: [about.name] }],
    keys: await readKeyPair(keyPem),
    signingAlgorithm: ed25519,
  });
  return `${request.toString('pem')}\n`;
}

/** A key whose private half somebody else holds. */
interface HeldKey {
  readonly publicKey: KeyObject;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** The request for a certificate of a key that an SSH agent holds, PEM. Rejects when the agent does not sign, or the key is of a kind that messages are not signed with. */
export async function requestForHeldKey(
  about: { readonly role: Role; readonly name: string },
  key: HeldKey,
): Promise<string> {
  const algorithm = key.publicKey.asymmetricKeyType === 'ed25519' ? ed25519 : rsaSha256;
  const spki = key.publicKey.export({ type: 'spki', format: 'der' });
  const publicKey = await webcrypto.subtle.importKey('spki', spki, algorithm, true, ['verify']);
  // The library signs by WebCrypto; this one lets the agent do that, and looks at no more of
  // the private key than its kind.
  const subtle = new Proxy(webcrypto.subtle, {
    get(of, name) {
      if (name === 'sign')
        return async (_of: unknown, _key: unknown, bytes: ArrayBuffer | ArrayBufferView) => key.sign(bytesOf(bytes));
      const own: unknown = Reflect.get(of, name, of);
      return typeof own === 'function' ? (own.bind(of) as unknown) : own;
    },
  });
  const request = await Pkcs10CertificateRequestGenerator.create(
    {
      name: [{ O: ['Muster'] }, { OU: [about.role] }, { CN: [about.name] }],
      keys: { publicKey, privateKey: publicKey },
      signingAlgorithm: algorithm,
    },
    Object.create(webcrypto, { subtle: { value: subtle } }) as typeof webcrypto,
  );
  return `${request.toString('pem')}\n`;
}

const rsaSha256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

const bytesOf = (source: ArrayBuffer | ArrayBufferView): Uint8Array =>
  ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);

const leastRsaBits = 2048;

/** Why messages cannot be signed with such a key; undefined when they can. */
function weaknessOf(key: KeyObject): string | undefined {
  if (key.asymmetricKeyType === 'ed25519' || key.asymmetricKeyType === 'ec') return undefined;
  if (key.asymmetricKeyType !== 'rsa')
    return `messages cannot be signed with a key of ${key.asymmetricKeyType ?? 'this kind'}`;
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return bits < leastRsaBits ? `an RSA key of ${bits} bits is too short; ${leastRsaBits} are the least` : undefined;
}

const refused = (why: string): Result<never> =>
  fail('certificate.request', `The request for a certificate cannot be used: ${why}`, {
    mend: 'Make one with an Ed25519 key, or with an RSA key of at least 2048 bits.',
  });

/**
 * Reads a request in PEM and checks that its sender holds the private key, which is Ed25519, or RSA of at least 2048 bits.
 *
 * Errors: `certificate.request`.
 */
export async function readSigningRequest(pem: string): Promise<Result<SigningRequest>> {
  try {
    const request = new Pkcs10CertificateRequest(pem);
    const { publicKey } = request;
    const key = createPublicKey({ key: Buffer.from(publicKey.rawData), format: 'der', type: 'spki' });
    const weakness = weaknessOf(key);
    if (weakness !== undefined) return refused(weakness);
    if (!(await request.verify())) return refused('its signature does not fit its key');
    const [role] = request.subjectName.getField('OU');
    const [name = ''] = request.subjectName.getField('CN');
    const asked = roles.find((known) => known === role);
    return ok({
      publicKey,
      fingerprint: keyFingerprintOf(key),
      ...(asked === undefined ? {} : { role: asked }),
      ...(identityPattern.test(name) ? { name } : {}),
    });
  } catch (thrown) {
    return refused(faultFrom(thrown).message);
  }
}
