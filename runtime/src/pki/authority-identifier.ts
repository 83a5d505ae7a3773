import type { Authority } from './authority.ts';
import { element, elementsOf, integerContent, tags } from './der.ts';
import { AuthorityKeyIdentifierExtension, Extension } from './x509.ts';

const extensionId = '2.5.29.35';
/** Tags within the extension (RFC 5280, 4.2.1.1): names of the issuer, of them one that is a directory name, and the serial number. */
const parts = { issuer: 0xa1, directoryName: 0xa4, serial: 0x82 } as const;

/**
 * Says whose certificate it is by the key of the authority, and by issuer and serial number of its certificate as well: by the key
 * alone, Erlang 25 looks for who signed a list of revoked certificates in a way that fails with Ed25519, and RabbitMQ that asks the
 * list refuses every connection.
 */
export async function authorityIdentifier({ certificate }: Authority): Promise<Extension> {
  const byKey = await AuthorityKeyIdentifierExtension.create(certificate.publicKey);
  const [sequence] = elementsOf(Buffer.from(byKey.value));
  const issuer = element(parts.directoryName, Buffer.from(certificate.issuerName.toArrayBuffer()));
  const value = element(
    tags.sequence,
    sequence?.content ?? Buffer.alloc(0),
    element(parts.issuer, issuer),
    element(parts.serial, integerContent(certificate.serialNumber)),
  );
  return new Extension(extensionId, false, Uint8Array.from(value));
}
