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

/** Why a console is locked: it was so from the start, a person did it, nobody used it, or the computer slept. */
export const lockReasons = ['start', 'person', 'idle', 'sleep'] as const;
export type LockReason = (typeof lockReasons)[number];

/** How the console stands; told whether it is locked or not. */
export const guardStatusShape = z.object({
  /** Null while it is open. */
  lock: z
    .object({
      reason: z.enum(lockReasons),
      sinceMs: z.number(),
      /** Runs go on behind the lock; the key is put away when they have ended. */
      isConducting: z.boolean(),
    })
    .nullable(),
  /** What opens the key: a passphrase, an SSH agent, or nothing: then there is no lock. */
  protection: z.enum(['none', 'passphrase', 'agent']),
  person: z.string(),
  /** Only actions that read are run. */
  isReadOnly: z.boolean(),
  /** The most nodes on which an action that may destroy something needs no typed number; null while that is not known. */
  typeAbove: z.int().nullable(),
  /** How long the window may be left alone before it locks, in milliseconds; null for ever, and while that is not known. */
  lockAfterMs: z.number().nullable(),
  /** Whether the passphrase can be kept in the store of the desktop, and whether it is. */
  remembering: z.enum(['impossible', 'no', 'yes']),
});
export type GuardStatus = z.infer<typeof guardStatusShape>;

/** What the window may know of the console's keys: never a key, nor anything that opens one. */
export const guardStateShape = guardStatusShape.extend({
  /** The console's own certificate, then those of its authorities. */
  certificates: z.array(certificateStateShape),
});
export type GuardState = z.infer<typeof guardStateShape>;

const nothing = z.object({});

/** These calls alone are answered while the console is locked. */
export const guardEndpoints = {
  /** Faults: those of reading the certificates that the configuration names. */
  'guard.state': { params: nothing, result: guardStateShape },
  /** Refuses everything else from now on. Fault: `usage.invalid` when nothing could unlock it again. */
  'guard.lock': { params: nothing, result: nothing },
  /**
   * Opens the console again; `remember` keeps the passphrase for later starts. Faults: `key.wrong_passphrase`, `key.locked`, `key.agent`, those
   * of opening a console.
   */
  'guard.unlock': {
    params: z.object({ passphrase: z.string().max(1000).optional(), remember: z.boolean() }),
    result: nothing,
  },
  /** Keeps the passphrase no longer. */
  'guard.forget': { params: nothing, result: nothing },
  /** Somebody uses the window. */
  'guard.touch': { params: nothing, result: nothing },
  /** Only reads from now on, until the console is started anew. */
  'guard.readOnly': { params: nothing, result: nothing },
} as const;

export const guardStreams = {
  'guard.changes': { params: nothing, item: guardStatusShape },
} as const;
