import { z } from 'zod';

/** A certificate that this console shows to others, or believes others by. */
export const certificateStateShape = z.object({
  /** `own`: what this console signs with; `authority`: whom it believes. */
  use: z.enum(['own', 'authority']),
  /** `authority`, or the role that the certificate gives; null when it gives none that we know. */
  role: z.string().nullable(),
  name: z.string(),
  notBeforeMs: z.number(),
  notAfterMs: z.number(),
  /** SHA-256 of the certificate, hexadecimal. */
  fingerprint: z.string(),
});
export type CertificateState = z.infer<typeof certificateStateShape>;

/** What the window may know of the console's keys: never a key, nor anything that opens one. */
export const guardStateShape = z.object({
  /** The console's own certificate, then those of its authorities. */
  certificates: z.array(certificateStateShape),
});
export type GuardState = z.infer<typeof guardStateShape>;

export const guardEndpoints = {
  /** Faults: those of reading the certificates that the configuration names. */
  'guard.state': { params: z.object({}), result: guardStateShape },
} as const;
