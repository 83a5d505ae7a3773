import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import type { Principal } from '@muster/protocol/identity';
import { readLines } from '../files/index.ts';
import { ChainCheck, type AuditDamageKind, type AuditFinding, type AuditNoteKind } from './chain-check.ts';
import { maxLineBytes, readRecord } from './record.ts';
import type { AuditTrust } from './signer-book.ts';

/** What a chain of records was found to be. */
export interface AuditReport {
  /** No damage was found. */
  readonly isIntact: boolean;
  /** The files in the order of their records. */
  readonly files: readonly string[];
  readonly records: number;
  /** Records with a good signature. */
  readonly signed: number;
  /** Who wrote it, as its certificates say; null when they say nothing that is believed. */
  readonly writer: Principal | null;
  /** False when nothing but the audit itself says whose certificate it is. */
  readonly isWriterChecked: boolean;
  readonly first: { readonly seq: number; readonly time: string } | null;
  readonly last: { readonly seq: number; readonly time: string } | null;
  /** How much was found; `damage` has the first 1,000. */
  readonly damageCount: number;
  readonly damage: readonly AuditFinding<AuditDamageKind>[];
  readonly noteCount: number;
  readonly notes: readonly AuditFinding<AuditNoteKind>[];
}

/** The lines at the beginning of a file among which its first record is looked for. */
const searchedLines = 100;

/** The number of the first record of a file; Infinity when it has none. */
async function firstSeqOf(file: string): Promise<number> {
  for await (const { number, bytes, isEnded } of readLines(file, maxLineBytes)) {
    const record = bytes === null || !isEnded ? undefined : readRecord(bytes);
    if (record?.ok === true) return record.value.seq;
    if (number >= searchedLines) break;
  }
  return Infinity;
}

/**
 * Verifies the files of one chain, given in any order, in constant memory.
 *
 * Errors: `audit.unreadable` when a file cannot be read at all. What is found in them is no error.
 */
export async function verifyAudit(files: readonly string[], trust: AuditTrust): Promise<Result<AuditReport>> {
  const check = new ChainCheck(trust);
  try {
    const found = await Promise.all(files.map(async (file) => ({ file, seq: await firstSeqOf(file) })));
    const ordered = found.toSorted((one, other) => (one.seq < other.seq ? -1 : one.seq > other.seq ? 1 : 0));
    for (const { file } of ordered) {
      check.beginFile(file);
      for await (const line of readLines(file, maxLineBytes)) check.take(line);
    }
    check.finish();
    return ok(
      reportOf(
        check,
        ordered.map(({ file }) => file),
        trust,
      ),
    );
  } catch (thrown) {
    return fail('audit.unreadable', `The audit cannot be read: ${faultFrom(thrown).message}`);
  }
}

function reportOf(check: ChainCheck, files: readonly string[], trust: AuditTrust): AuditReport {
  const { damage, notes, records, signed, signers, first, last } = check;
  const placeOf = (record: typeof first) => (record === undefined ? null : { seq: record.seq, time: record.time });
  return {
    isIntact: damage.count === 0,
    files,
    records,
    signed,
    writer: signers.holder ?? null,
    isWriterChecked: trust.kind !== 'unchecked',
    first: placeOf(first),
    last: placeOf(last),
    damageCount: damage.count,
    damage: damage.kept,
    noteCount: notes.count,
    notes: notes.kept,
  };
}
