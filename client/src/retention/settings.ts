import { z } from 'zod';

/** Section `history` of `console.yaml`: how long runs stay in the database. Paths are relative to the file. */
export const historySection = z
  .strictObject({
    keep: z.int().min(1).max(36_500).optional().describe('Days that runs stay; without it, all stay.'),
    evidence: z.boolean().default(true).describe('Whether requests and answers stay as they were signed.'),
    archive: z.string().min(1).default('archive').describe('Folder for the runs that are older.'),
  })
  .prefault({});

export interface HistorySettings {
  /** How long runs stay after they have ended, in milliseconds; null for ever. */
  readonly keepMs: number | null;
  /** Whether what was signed is kept with new runs. */
  readonly evidence: boolean;
  /** Absolute path of the folder for older ones. */
  readonly archive: string;
}
