/** Bounds of what an authority is asked and answers. */
export const enrolmentLimits = {
  /** Largest message to an authority, in bytes: more is not looked at. */
  askBytes: 24 * 1024,
  /** Largest request for a certificate, in characters of PEM: one with an RSA key of 8192 bits has half of it. */
  requestLength: 8 * 1024,
  /** Largest certificate, in characters of PEM. */
  certificateLength: 12 * 1024,
  /** Longest time to live of a message, in milliseconds. */
  ttlMs: 60_000,
  /** How far a clock may be from the authority's, in milliseconds; a new machine has often not set its clock yet. */
  clockSkewMs: 5 * 60_000,
  /** The most requests that wait for a person's approval. */
  waiting: 1000,
} as const;
