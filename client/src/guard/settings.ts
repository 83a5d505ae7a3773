import { z } from 'zod';

/** What of the console is open, and to whom. */
export const guardSection = z
  .strictObject({
    passphrase_file: z
      .string()
      .min(1)
      .optional()
      .describe('File with the passphrase of the key and nothing else, for what runs where nobody can be asked.'),
    lock_after: z
      .number()
      .min(0)
      .max(1440)
      .default(15)
      .describe('Minutes without a hand on a window until it locks, where the key is protected; 0 never does.'),
    read_only: z.boolean().default(false).describe('Whether this console only runs actions that read.'),
    type_above: z
      .int()
      .min(0)
      .default(10)
      .describe('On more nodes than these, a person types their number before an action that may destroy something.'),
  })
  .prefault({});

export interface GuardSettings {
  /** How long a window may be left alone before it locks, in milliseconds; null for ever. */
  readonly lockAfterMs: number | null;
  /** Whether only actions that read may be run. */
  readonly isReadOnly: boolean;
  /** The most nodes on which a destructive action needs no typed number. */
  readonly typeAbove: number;
}

/** The settings that a section gives; those of a home without one when absent. */
export function readGuardSettings(section = guardSection.parse(undefined)): GuardSettings {
  return {
    lockAfterMs: section.lock_after === 0 ? null : section.lock_after * 60_000,
    isReadOnly: section.read_only,
    typeAbove: section.type_above,
  };
}
