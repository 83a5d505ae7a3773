import { isIP } from 'node:net';
import type { Role } from '@muster/protocol/identity';
import { collectiveName } from '../crypto/index.ts';
import type { Authority } from './authority.ts';
import { authorityIdentifier } from './authority-identifier.ts';
import { transportOnly } from '../crypto/certificate.ts';
import { ed25519, generateKeyPair, privateKeyPem, type PublicKey } from './keys.ts';
import { validity } from './validity.ts';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from './x509.ts';

export interface CertificateRequest {
  /** Goes to the subject's OU. */
  readonly role: Role;
  /** What it may be at the ends of a TLS connection. A broker's is a server's when absent, all others are clients'. */
  readonly usage?: 'server' | 'client';
  /** For connections alone: nobody believes a message that it signs. */
  readonly isTransportOnly?: boolean;
  /** Goes to the subject's CN: a node's identity, a person's or a broker's name. */
  readonly name: string;
  /** Days from now until it expires; at least 1. */
  readonly validDays: number;
  /** DNS names and IP addresses that a broker's certificate is good for. */
  readonly hosts?: readonly string[];
  /** Collectives in which it counts; all when absent or empty. */
  readonly collectives?: readonly string[];
}

export interface IssuedCertificate {
  readonly certificatePem: string;
  /** PKCS#8; to be kept where only its owner reads. */
  readonly keyPem: string;
}

/** The certificate, PEM, that an authority gives for a public key; it has a random serial number. */
export async function certify(
  authority: Authority,
  publicKey: PublicKey,
  request: CertificateRequest,
): Promise<string> {
  const { role, usage = role === 'broker' ? 'server' : 'client' } = request;
  const names = [
    ...(request.hosts ?? []).map((host) => ({ type: isIP(host) === 0 ? 'dns' : 'ip', value: host }) as const),
    ...(request.collectives ?? []).map((collective) => ({ type: 'url', value: collectiveName(collective) }) as const),
  ];
  const certificate = await X509CertificateGenerator.create({
    subject: [{ O: ['Muster'] }, { OU: [role] }, { CN: [request.name] }],
    issuer: authority.certificate.subjectName,
    publicKey,
    signingKey: authority.signingKey,
    signingAlgorithm: ed25519,
    ...validity(authority.clock, request.validDays),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([
        usage === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth,
        ...(request.isTransportOnly === true ? [transportOnly] : []),
      ]),
      await SubjectKeyIdentifierExtension.create(publicKey),
      await authorityIdentifier(authority),
      ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

/** Makes an Ed25519 key pair and a certificate for it. */
export async function issueCertificate(authority: Authority, request: CertificateRequest): Promise<IssuedCertificate> {
  const keys = await generateKeyPair();
  return {
    certificatePem: await certify(authority, keys.publicKey, request),
    keyPem: await privateKeyPem(keys.privateKey),
  };
}
