import { X509Certificate } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Signer } from '@muster/protocol/envelope';
import { fail, faultFrom, ok, type Fault, type Result } from '@muster/protocol/errors';
import { fingerprintOf } from '../crypto/index.ts';
import type { Clock } from '../effects/index.ts';
import { isDiskFull } from '../files/index.ts';
import { AuditFile } from './audit-file.ts';
import { findChainEnd, type FileEnd } from './find-end.ts';
import { auditFormat, chain, hashOf, maxLineBytes, type AuditDetails, type ChainPlace } from './record.ts';
import { signLine } from './signature.ts';

export interface AppendOptions {
  /** Whoever adds it will try again, so that it does not count as lost. Default: false. */
  readonly isTrial?: boolean;
}

/** A log that cannot be changed unnoticed: each record has the hash of the one before it, and some are signed. */
export interface AuditTrail {
  /**
   * Adds a record. Resolves when it is in the file: the process may die then; a loss of power may cost what came since the last
   * checkpoint.
   *
   * Errors: `storage.full`, `storage.failed`: the record is lost, and the next one that can be written comes behind one that says so.
   */
  append(kind: string, details: AuditDetails, options?: AppendOptions): Promise<Result<void>>;
  /** Signs with another key from the next record on, which says so. */
  useSigner(signer: AuditTrailOptions['signer']): void;
  /** Signs what there is, and closes the file. */
  close(): Promise<void>;
}

/** Bounds of an audit, all of them at least 1. */
export interface AuditBounds {
  /** Size from which a new file begins, in bytes. */
  readonly fileBytes: number;
  /** Files that are kept, with the one that is written. */
  readonly files: number;
  /** The most records without a signature behind them. */
  readonly checkpointRecords: number;
  /** The longest that a record stays without a signature behind it, in milliseconds. */
  readonly checkpointMs: number;
}

export const usualBounds: AuditBounds = {
  fileBytes: 16 * 1024 * 1024,
  files: 10,
  checkpointRecords: 100,
  checkpointMs: 60_000,
};

export interface AuditTrailOptions {
  readonly file: string;
  readonly signer: Pick<Signer, 'certificate' | 'sign'>;
  readonly clock: Clock;
  /** Default: {@link usualBounds}. */
  readonly bounds?: Partial<AuditBounds>;
  /** Told of what could not be written. */
  readonly onFault: (fault: Fault) => void;
}

/** A record that has no place in the chain yet. */
interface Draft {
  readonly kind: string;
  readonly timeMs: number;
  readonly details: AuditDetails;
  readonly isSigned: boolean;
  readonly isTrial?: boolean;
}

interface Waiting {
  readonly draft: Draft;
  readonly settle: (result: Result<void>) => void;
}

/** Where the chain stands. */
interface Progress {
  readonly place: ChainPlace;
  readonly unsigned: number;
}

/** The most that is written at once, in records. */
const batchRecords = 256;

function faultOf(file: string, thrown: unknown): Fault {
  const message = `The audit ${file} cannot be written: ${faultFrom(thrown).message}`;
  return fail(isDiskFull(thrown) ? 'storage.full' : 'storage.failed', message).error;
}

class Trail implements AuditTrail {
  readonly #options: AuditTrailOptions;
  readonly #bounds: AuditBounds;
  readonly #file: AuditFile;
  #signer: AuditTrailOptions['signer'];
  #fingerprint: string;
  #nextSigner: AuditTrailOptions['signer'] | undefined;
  #progress: Progress;
  #firstSeq: number;
  /** What comes before the next record. */
  #preface: readonly Draft[];
  #lost = 0;
  #waiting: Waiting[] = [];
  #isWriting = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(options: AuditTrailOptions, end: FileEnd) {
    this.#options = options;
    this.#bounds = { ...usualBounds, ...options.bounds };
    this.#file = new AuditFile(options.file, end.size);
    this.#signer = options.signer;
    this.#fingerprint = fingerprintOf(new X509Certificate(options.signer.certificate));
    this.#progress = end;
    this.#firstSeq = end.firstSeq;
    this.#preface = [this.#opened('start')];
    if (end.torn === undefined) return;
    const { bytes, head } = end.torn;
    this.#preface = [...this.#preface, this.#draft('mended', { bytes, head: head.toString('base64') })];
  }

  append(kind: string, details: AuditDetails, { isTrial = false }: AppendOptions = {}): Promise<Result<void>> {
    if (this.#isClosed) return Promise.resolve(fail('storage.failed', 'The audit is closed'));
    return this.#add({ ...this.#draft(kind, details), isTrial });
  }

  /** Writes who writes from here on. */
  begin(): Promise<Result<void>> {
    return this.#writeBatch([]);
  }

  useSigner(signer: AuditTrailOptions['signer']): void {
    this.#nextSigner = signer;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#add(this.#checkpoint('closed'));
    await this.#sync();
    await this.#file.close();
  }

  #draft(kind: string, details: AuditDetails, isSigned = false): Draft {
    return { kind, timeMs: this.#options.clock(), details, isSigned };
  }

  #opened(reason: 'start' | 'rotation'): Draft {
    const certificate = Buffer.from(this.#signer.certificate).toString('base64');
    const { checkpointRecords } = this.#bounds;
    const fileBegins = this.#firstSeq === 0 ? this.#progress.place.seq + 1 : this.#firstSeq;
    const signer = { certificate, fingerprint: this.#fingerprint };
    return this.#draft('opened', { format: auditFormat, reason, fileBegins, checkpointRecords, ...signer }, true);
  }

  #checkpoint(reason: 'records' | 'interval' | 'rotation' | 'closed'): Draft {
    return this.#draft('checkpoint', { reason, fingerprint: this.#fingerprint }, true);
  }

  #add(draft: Draft): Promise<Result<void>> {
    return new Promise((settle) => {
      this.#waiting.push({ draft, settle });
      if (!this.#isWriting) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    // What is added in the same turn is written at once.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchRecords);
      const written = await this.#writeBatch(batch.map(({ draft }) => draft));
      for (const { settle } of batch) settle(written);
    }
    this.#isWriting = false;
    if (this.#progress.unsigned > 0) this.#signLater();
  }

  async #writeBatch(batch: readonly Draft[]): Promise<Result<void>> {
    try {
      if (this.#nextSigner !== undefined) await this.#changeSigner(this.#nextSigner);
      if (this.#file.size >= this.#bounds.fileBytes) await this.#rotate();
      const lost = this.#lost === 0 ? [] : [this.#draft('lost', { records: this.#lost })];
      await this.#write([...this.#preface, ...lost, ...batch]);
      this.#preface = [];
      this.#lost = 0;
      return ok(undefined);
    } catch (thrown) {
      this.#lost += batch.filter(({ isSigned, isTrial }) => !isSigned && isTrial !== true).length;
      return { ok: false, error: this.#tell(thrown) };
    }
  }

  #tell(thrown: unknown): Fault {
    const fault = faultOf(this.#file.path, thrown);
    this.#options.onFault(fault);
    return fault;
  }

  /** Gives drafts their places, signs where it is time, and writes them all or none. */
  async #write(drafts: readonly Draft[]): Promise<void> {
    const lines: string[] = [];
    let progress = this.#progress;
    const add = async (draft: Draft): Promise<void> => {
      const plain = chain(progress.place, draft);
      const line = draft.isSigned ? await signLine(plain, this.#signer) : plain;
      if (Buffer.byteLength(line) > maxLineBytes) throw new Error('a record is longer than 1 MiB');
      lines.push(`${line}\n`);
      const place = { seq: progress.place.seq + 1, hash: hashOf(line) };
      progress = { place, unsigned: draft.isSigned ? 0 : progress.unsigned + 1 };
    };
    for (const draft of drafts) {
      await add(draft);
      if (progress.unsigned >= this.#bounds.checkpointRecords) await add(this.#checkpoint('records'));
    }
    await this.#file.append(lines.join(''));
    if (this.#firstSeq === 0) this.#firstSeq = this.#progress.place.seq + 1;
    this.#progress = progress;
  }

  /** As a process that ends and another that begins: each signs what is its own. */
  async #changeSigner(signer: AuditTrailOptions['signer']): Promise<void> {
    await this.#write([...this.#preface, this.#checkpoint('closed')]);
    this.#nextSigner = undefined;
    this.#signer = signer;
    this.#fingerprint = fingerprintOf(new X509Certificate(signer.certificate));
    this.#preface = [this.#opened('start')];
  }

  async #rotate(): Promise<void> {
    await this.#write([...this.#preface, this.#checkpoint('rotation')]);
    await this.#file.sync();
    await this.#file.rotate(this.#firstSeq);
    this.#firstSeq = 0;
    this.#preface = [this.#opened('rotation')];
    const dropped = await this.#file.dropOldest(this.#bounds.files - 1);
    const tellings = dropped.map((firstRecord) => this.#draft('dropped', { firstRecord }));
    this.#preface = [...this.#preface, ...tellings];
  }

  #signLater(): void {
    if (this.#timer !== undefined || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#add(this.#checkpoint('interval')).then(() => this.#sync());
    }, this.#bounds.checkpointMs);
    this.#timer.unref();
  }

  async #sync(): Promise<void> {
    try {
      await this.#file.sync();
    } catch (thrown) {
      this.#tell(thrown);
    }
  }
}

/**
 * Opens the audit of one process, and goes on with its chain where the file ends. A last line that was cut short is taken out of the
 * file, and a record keeps its length and its first 4 KiB. A disk that is full is no error: it may have room later.
 *
 * Errors: `storage.failed` when the file cannot be read or written.
 */
export async function openAuditTrail(options: AuditTrailOptions): Promise<Result<AuditTrail>> {
  const { file } = options;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const trail = new Trail(options, await findChainEnd(file));
    const begun = await trail.begin();
    return begun.ok || begun.error.code === 'storage.full' ? ok(trail) : begun;
  } catch (thrown) {
    return { ok: false, error: faultOf(file, thrown) };
  }
}
