import { z } from 'zod';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { RawLine } from '../files/index.ts';
import { auditFormat, beforeFirst, hashOf, readRecord, type AuditRecord, type ChainPlace } from './record.ts';
import { isSignedBy } from './signature.ts';
import { SignerBook, type AuditTrust, type SigningCertificate } from './signer-book.ts';

/** What proves that a chain was changed. */
export type AuditDamageKind =
  /** A line is no record. */
  | 'unreadable'
  /** A line is not the one that the next one was written behind. */
  | 'changed'
  /** Records are missing before this line. */
  | 'removed'
  /** A line has a number that was there before: it was put in, written twice or moved. */
  | 'inserted'
  /** A record that must be signed is not, or not over these bytes. */
  | 'signature'
  /** A record is signed by another than who writes this chain, or by nobody who is believed. */
  | 'signer'
  /** More records follow each other without a signature than whoever wrote them leaves. */
  | 'unsigned'
  /** The file ends in the middle of a line. */
  | 'torn';

/** What is no proof, and yet worth a look. */
export type AuditNoteKind =
  /** What came before the first record is not here. */
  | 'begins_late'
  /** The writer was not stopped in order before: a crash, or the end was cut off. */
  | 'not_closed'
  /** A record was signed with a certificate that was not valid at the record's time. */
  | 'expired'
  /** A line was cut short by a crash and taken out by the writer. */
  | 'mended'
  /** Records could not be written. */
  | 'lost'
  /** The oldest file was removed to stay within the bounds. */
  | 'dropped'
  /** The last records are not signed yet. */
  | 'unsigned_end'
  /** The last record does not close the chain: it is being written, or its end was cut off. */
  | 'open_end';

export interface AuditFinding<Kind extends string> {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly kind: Kind;
  /** What it is about, for a person. */
  readonly message: string;
}

/** The most findings of each sort that are kept. */
const keptFindings = 1000;

/** Findings, all of them counted and the first ones kept. */
class Findings<Kind extends string> {
  readonly kept: AuditFinding<Kind>[] = [];
  count = 0;

  add(finding: AuditFinding<Kind>): void {
    this.count++;
    if (this.kept.length < keptFindings) this.kept.push(finding);
  }
}

const signedSchema = z.looseObject({ fingerprint: z.string() });
const openedSchema = z.looseObject({
  format: z.literal(auditFormat),
  reason: z.enum(['start', 'rotation']),
  /** The number of the first record of the file. */
  fileBegins: z.int().min(1),
  checkpointRecords: z.int().min(1),
  certificate: z.base64(),
});

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Checks a chain line by line, over all its files, in constant memory. */
export class ChainCheck {
  readonly damage = new Findings<AuditDamageKind>();
  readonly notes = new Findings<AuditNoteKind>();
  readonly signers: SignerBook;
  records = 0;
  signed = 0;
  first: AuditRecord | undefined;
  last: AuditRecord | undefined;
  #file = '';
  #line = 0;
  /** No record of this file has come yet. */
  #isFileNew = true;
  /** Behind which record the next one is expected. */
  #expected: ChainPlace = beforeFirst;
  /** Where the last line of the file says that it stands, which may be out of place. */
  #physical: ChainPlace = beforeFirst;
  /** The last line could not be read, so nothing can be said of its hash. */
  #isBlind = false;
  #unsigned = 0;
  #mostUnsigned = Infinity;
  readonly #expired = new Set<string>();

  constructor(trust: AuditTrust) {
    this.signers = new SignerBook(trust);
  }

  beginFile(file: string): void {
    this.#file = file;
    this.#line = 0;
    this.#isFileNew = true;
  }

  take({ number, bytes, isEnded }: RawLine): void {
    this.#line = number;
    if (!isEnded) {
      this.#blame('torn', 'the file ends in the middle of a line');
      return;
    }
    const read = bytes === null ? fail('audit.unreadable', 'it is longer than a record may be') : readRecord(bytes);
    if (bytes === null || !read.ok) {
      this.#blame('unreadable', `the line is no record: ${read.ok ? '' : read.error.message}`);
      this.#isBlind = true;
      return;
    }
    const record = read.value;
    this.#checkPlace(record, { seq: record.seq, hash: hashOf(bytes) });
    this.#checkKind(record, bytes);
    this.#isFileNew = false;
    this.records++;
    this.first ??= record;
    this.last = record;
  }

  /** Notes what can be said of the end, once there are no more lines. */
  finish(): void {
    const { last } = this;
    if (last === undefined) {
      this.#blame('removed', 'there is no record');
      return;
    }
    if (this.#unsigned > 0) {
      const which = `the last ${plural(this.#unsigned, 'record')}`;
      this.#note(
        'unsigned_end',
        `${which} without a signature behind: nothing proves that they are as they were written`,
      );
    }
    if (last.kind !== 'checkpoint' || last['reason'] !== 'closed')
      this.#note('open_end', 'the audit was not closed here: it is being written, or its end is missing');
  }

  #blame(kind: AuditDamageKind, message: string): void {
    this.damage.add({ file: this.#file, line: this.#line, kind, message });
  }

  #note(kind: AuditNoteKind, message: string): void {
    this.notes.add({ file: this.#file, line: this.#line, kind, message });
  }

  /** Number and hash. Goes on behind this record, unless it is out of place. */
  #checkPlace(record: AuditRecord, own: ChainPlace): void {
    const expected = this.#expected;
    const physical = this.#physical;
    const isBlind = this.#isBlind;
    this.#physical = own;
    this.#isBlind = false;
    if (this.first === undefined && !isBlind) {
      this.#expected = own;
      if (record.seq > 1) this.#note('begins_late', `the first record here has number ${record.seq}`);
      else if (record.previous !== beforeFirst.hash)
        this.#blame('changed', 'the first record of all names one before it');
      return;
    }
    const next = expected.seq + 1;
    if (isBlind && (this.first === undefined || record.seq === next || record.seq === next + 1)) {
      this.#expected = own;
      return;
    }
    if (record.previous === expected.hash) {
      if (record.seq !== next) this.#blame('changed', `the record has number ${record.seq} in the place of ${next}`);
      this.#expected = { seq: next, hash: own.hash };
      return;
    }
    // It goes on behind a line that was out of place, and was blamed for it.
    if (record.previous === physical.hash && record.seq === physical.seq + 1) {
      this.#expected = own;
      return;
    }
    if (record.seq < next) {
      this.#blame(
        'inserted',
        `record ${record.seq} does not belong behind record ${expected.seq}: it was put in, or moved`,
      );
      return;
    }
    if (record.seq === next)
      this.#blame('changed', `record ${expected.seq}, before this line, or this one was changed`);
    else {
      const missing = record.seq - next;
      const which = missing === 1 ? `record ${next} is` : `records ${next} to ${record.seq - 1} are`;
      this.#blame('removed', `${which} missing before this line`);
    }
    this.#expected = own;
  }

  #checkKind(record: AuditRecord, bytes: Buffer): void {
    if (this.#isFileNew && record.kind !== 'opened')
      this.#blame('removed', 'the record that every file begins with is missing before this line');
    if (record.kind === 'opened' || record.kind === 'checkpoint' || 'signature' in record) {
      if (record.kind === 'opened') this.#checkOpened(record);
      this.#checkSignature(record, bytes);
      return;
    }
    if (++this.#unsigned === this.#mostUnsigned + 1)
      this.#blame(
        'unsigned',
        `more than ${plural(this.#mostUnsigned, 'record')} without a signature: checkpoints are missing`,
      );
    if (record.kind === 'mended') this.#note('mended', 'a line was cut short by a crash, and taken out');
    if (record.kind === 'lost') this.#note('lost', `${String(record['records'])} records could not be written`);
    if (record.kind === 'dropped')
      this.#note(
        'dropped',
        `the file that began with record ${String(record['firstRecord'])} was removed to make room`,
      );
  }

  #checkOpened(record: AuditRecord): void {
    const opened = openedSchema.safeParse(record);
    if (!opened.success) {
      this.#blame('unreadable', 'the record does not say who writes, in which format');
      return;
    }
    const { reason, fileBegins, checkpointRecords, certificate } = opened.data;
    if (this.#isFileNew && fileBegins !== record.seq)
      this.#blame('removed', `the file began with record ${fileBegins}, which is missing before this line`);
    const learned = this.signers.learn(Buffer.from(certificate, 'base64'));
    if (!learned.ok) this.#blame('signer', learned.error.message);
    const { last } = this;
    const ended = last?.kind === 'checkpoint' ? last['reason'] : undefined;
    const isOrderly = last === undefined || (reason === 'start' ? ended === 'closed' : ended === 'rotation');
    if (!isOrderly)
      this.#note('not_closed', 'the writer was not stopped in order before: it crashed, or the end is missing');
    this.#mostUnsigned = checkpointRecords;
  }

  #checkSignature(record: AuditRecord, bytes: Buffer): void {
    const verified = this.#verify(record, bytes);
    if (verified.ok) {
      this.#checkTime(record, verified.value);
      this.signed++;
      this.#unsigned = 0;
    } else this.#blame(verified.error.code === 'signature.invalid' ? 'signature' : 'signer', verified.error.message);
  }

  /** A writer may outlive its certificate, and goes on: it is told once for each. */
  #checkTime({ time }: AuditRecord, { fingerprint, notBeforeMs, notAfterMs }: SigningCertificate): void {
    const atMs = Date.parse(time);
    if ((atMs >= notBeforeMs && atMs <= notAfterMs) || this.#expired.has(fingerprint)) return;
    this.#expired.add(fingerprint);
    this.#note('expired', `the certificate that signed was not valid at ${time}`);
  }

  #verify(record: AuditRecord, bytes: Buffer): Result<SigningCertificate> {
    const named = signedSchema.safeParse(record);
    const certificate = named.success ? this.signers.certificateOf(named.data.fingerprint) : undefined;
    if (certificate === undefined)
      return fail('certificate.untrusted', 'the key that signed is not known, or not believed');
    return isSignedBy(bytes, certificate.publicKey)
      ? ok(certificate)
      : fail(
          'signature.invalid',
          'the signature does not fit: this line, or one since the last good signature, was changed',
        );
  }
}
