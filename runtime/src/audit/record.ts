import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { z } from 'zod';

/** The name of the format, in the first record of each file. */
export const auditFormat = 'muster-audit-1';

/** The longest line of an audit file, without its line feed, in bytes. */
export const maxLineBytes = 1024 * 1024;

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const recordSchema = z.looseObject({
  seq: z.int().min(1),
  time: z.iso.datetime(),
  previous: digest,
  kind: z.string().min(1).max(64),
});

/** One line of an audit file: what happened, and its place in the chain. */
export type AuditRecord = z.infer<typeof recordSchema>;

/** What a record says beside its place. */
export type AuditDetails = Readonly<Record<string, unknown>> &
  Readonly<Partial<Record<'seq' | 'time' | 'previous' | 'kind' | 'signature', never>>>;

/** A record's place in the chain: the next one has the next number, and names this hash. */
export interface ChainPlace {
  /** 0 before the first record. */
  readonly seq: number;
  /** SHA-256 of the record's line without its line feed, in hexadecimal digits. */
  readonly hash: string;
}

/** Where a chain begins. */
export const beforeFirst: ChainPlace = { seq: 0, hash: '0'.repeat(64) };

export const hashOf = (line: Uint8Array | string): string => createHash('sha256').update(line).digest('hex');

/** The line that comes behind a place, without its line feed. Its hash is over these very bytes, so no other form has to be agreed on. */
export function chain(
  after: ChainPlace,
  { kind, timeMs, details }: { readonly kind: string; readonly timeMs: number; readonly details: AuditDetails },
): string {
  const place = { seq: after.seq + 1, time: new Date(timeMs).toISOString(), previous: after.hash, kind };
  return JSON.stringify({ ...place, ...details });
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads a line without its line feed. Errors: `audit.unreadable` for what is no record. */
export function readRecord(line: Uint8Array): Result<AuditRecord> {
  try {
    const read = recordSchema.safeParse(JSON.parse(decoder.decode(line)));
    return read.success ? ok(read.data) : fail('audit.unreadable', 'it lacks what every record has');
  } catch {
    return fail('audit.unreadable', 'it is not JSON in UTF-8');
  }
}
