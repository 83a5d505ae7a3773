import { createHash } from 'node:crypto';

/** How a certificate is named: SHA-256 of its DER, hexadecimal. */
export const fingerprintOfDer = (der: Uint8Array): string => createHash('sha256').update(der).digest('hex');
