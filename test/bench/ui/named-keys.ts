import { createHash } from 'node:crypto';
import type { Signer, Verifier } from '@muster/protocol/envelope';
import { ok } from '@muster/protocol/errors';

const prefix = 'bench node ';
const signatureBytes = 64;

/** "Signs" as a node of a bench: its name is its certificate. 50,000 real certificates would take ten minutes to make. */
export const namedSigner = (identity: string): Signer => ({
  certificate: Buffer.from(prefix + identity),
  signatureBytes,
  sign: () => Promise.resolve(new Uint8Array(signatureBytes)),
});

/** Believes the nodes of a bench by their names, and all others by their keys. */
export const believingNames = (verifier: Verifier): Verifier => ({
  verify(certificate, ...rest) {
    const text = Buffer.from(certificate.subarray(0, 400)).toString('latin1');
    if (!text.startsWith(prefix)) return verifier.verify(certificate, ...rest);
    const fingerprint = createHash('sha256').update(certificate).digest('hex');
    return Promise.resolve(ok({ role: 'node', name: text.slice(prefix.length), fingerprint }));
  },
});
