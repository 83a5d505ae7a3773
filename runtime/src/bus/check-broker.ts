import { X509Certificate } from 'node:crypto';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { unwrap } from '@muster/protocol/errors';
import { issuerOf, readCertificates, revocationKey } from '../crypto/index.ts';
import type { BrokerSettings } from './settings.ts';

/** What TLS asks about a broker whose certificate it believes: whether it is for this host, and was not taken back. */
export const brokerCheck =
  ({ ca, revocations }: BrokerSettings) =>
  (host: string, peer: PeerCertificate): Error | undefined => {
    const certificate = new X509Certificate(peer.raw);
    const issuer = issuerOf(certificate, unwrap(readCertificates(ca)));
    const isRevoked =
      issuer !== undefined && revocations?.has(revocationKey(issuer, certificate.serialNumber)) === true;
    return isRevoked ? new Error('its certificate was revoked') : checkServerIdentity(host, peer);
  };
