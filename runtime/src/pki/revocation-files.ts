import { createHash } from 'node:crypto';
import { element, elementsOf, tags, type Element } from './der.ts';
import { PemConverter, X509Crl } from './x509.ts';

/** UTF8String, PrintableString, T61String, IA5String and VisibleString, which are bytes of ASCII in all names that we meet. */
const byteTexts = [tags.utf8, 0x13, 0x14, 0x16, 0x1a];

/** A value of a name as it is compared: in UTF-8 and lower case, without spaces at its ends and with single ones inside. */
function compared({ tag, content, whole }: Element): Buffer {
  const isBmp = tag === tags.bmp;
  if (!isBmp && !byteTexts.includes(tag)) return whole;
  const text = isBmp ? Buffer.from(content).swap16().toString('utf16le') : content.toString('utf8');
  const canonical = text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return element(tags.utf8, Buffer.from(canonical, 'utf8'));
}

/** OpenSSL's and Erlang's hash of a name (X509_NAME in DER), by which they find files: 8 hexadecimal digits. */
export function nameHash(name: Buffer): string {
  const [sequence] = elementsOf(name);
  const canonical = elementsOf(sequence?.content ?? Buffer.alloc(0)).map((part) =>
    element(
      tags.set,
      ...elementsOf(part.content).map(({ content }) => {
        const [type, value] = elementsOf(content);
        if (type === undefined || value === undefined) throw new Error('a part of a name has no value');
        return element(tags.sequence, type.whole, compared(value));
      }),
    ),
  );
  const digest = createHash('sha1').update(Buffer.concat(canonical)).digest();
  return digest.readUInt32LE(0).toString(16).padStart(8, '0');
}

/**
 * Lists of revoked certificates (CRLs in PEM, one or several) as files of a folder in which RabbitMQ and OpenSSL look them up: by
 * the hash of the issuer's name, and a number where that is the same. Throws when one cannot be read.
 */
export function revocationFiles(pem: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { type, rawData } of PemConverter.decodeWithHeaders(pem)) {
    if (type !== 'X509 CRL') continue;
    const hash = nameHash(Buffer.from(new X509Crl(rawData).issuerName.toArrayBuffer()));
    let number = 0;
    while (files.has(`${hash}.r${number}`)) number += 1;
    files.set(`${hash}.r${number}`, `${PemConverter.encode(rawData, 'X509 CRL')}\n`);
  }
  return files;
}
