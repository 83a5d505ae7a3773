/** Bounds of what travels; a receiver refuses whatever is larger before it looks inside. */
export const limits = {
  /** Largest body after unpacking, in bytes: a reply of 1 MiB and its header. */
  bodyBytes: 1024 * 1024 + 64 * 1024,
  /** Largest frame on the wire, in bytes. */
  frameBytes: 1024 * 1024 + 96 * 1024,
  /** Largest certificate in DER, in bytes. */
  certificateBytes: 8 * 1024,
  /** Largest signature, in bytes (RSA-8192). */
  signatureBytes: 1024,
  /** Deepest nesting of arrays and objects in a body. */
  jsonDepth: 64,
  /** Bodies of at least this many bytes are compressed where that makes them smaller. */
  compressFromBytes: 1024,
  /** How far a clock may be ahead of ours, in milliseconds, before a request is `skewed`. */
  clockSkewMs: 5_000,
  /** Longest time to live of a request, in milliseconds: 30 days. */
  ttlMs: 30 * 24 * 3600 * 1000,
} as const;
