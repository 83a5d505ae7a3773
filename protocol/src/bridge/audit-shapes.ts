import { z } from 'zod';

/** A record of the console's audit, as the window lists it. */
export const auditRowShape = z.object({
  /** Whose: each process that works on the home at the same time has a chain of its own. */
  chain: z.string(),
  file: z.string(),
  /** From 1. */
  line: z.int(),
  seq: z.int(),
  timeMs: z.number(),
  kind: z.string(),
  /** What it says beside that, as `name=value`, cut where it is long. */
  text: z.string(),
});
export type AuditRow = z.infer<typeof auditRowShape>;

export const auditPageShape = z.object({
  /** How many records there are that have the text. */
  total: z.int(),
  /** How many of them can be paged through: the newest 50,000. */
  shown: z.int(),
  rows: z.array(auditRowShape),
});
export type AuditPage = z.infer<typeof auditPageShape>;

const findingShape = z.object({ file: z.string(), line: z.int(), kind: z.string(), message: z.string() });

/** What verification has found of one chain. */
export const auditVerdictShape = z.object({
  chain: z.string(),
  isIntact: z.boolean(),
  records: z.int(),
  signed: z.int(),
  /** `person alice`; null when nobody who is believed. */
  writer: z.string().nullable(),
  /** The first 100 of `damageCount`. */
  damage: z.array(findingShape),
  damageCount: z.int(),
  notes: z.array(findingShape),
  noteCount: z.int(),
});
export type AuditVerdict = z.infer<typeof auditVerdictShape>;

export const auditEndpoints = {
  /** The newest first, unverified. */
  'audit.records': {
    params: z.object({ search: z.string().max(200), offset: z.int().min(0), limit: z.int().min(1).max(500) }),
    result: auditPageShape,
  },
  /** Reads all files: takes a while when they are long. */
  'audit.verify': { params: z.object({}), result: z.object({ chains: z.array(auditVerdictShape) }) },
} as const;
