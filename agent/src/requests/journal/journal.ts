import { limits } from '@muster/protocol/envelope';
import { fail, faultFrom, ok, type Fault, type Result } from '@muster/protocol/errors';
import type { Request } from '@muster/protocol/messages';
import type { Clock } from '@muster/runtime/effects';
import { createBallast } from './ballast.ts';
import { journalFiles, type JournalFiles } from './journal-files.ts';
import { readJournal } from './read-journal.ts';
import { decodeRecord, encodeRecord, type Asked, type Ending } from './record.ts';
import { openRecordFile, type RecordFile } from './record-file.ts';
import { bookBounds, RequestBook, spareMs, withoutData, type BookBounds, type Entry } from './request-book.ts';

/** An answer that was given, or is to be given. */
export interface Answered {
  readonly asked: Asked;
  readonly ending: Ending;
}

/** What is known of a request. `full`: too many are remembered to take another. */
export type Standing =
  | { readonly kind: 'new' }
  | { readonly kind: 'running' }
  | { readonly kind: 'full' }
  | { readonly kind: 'answered'; readonly answered: Answered }
  /** It was cancelled before it came, by `cert=NAME`. It counts as running from now on. */
  | { readonly kind: 'cancelled'; readonly by: string };

/** An answer that has not arrived, as far as known. */
export interface Unsent extends Answered {
  readonly key: string;
}

/** Remembers requests for as long as they could be sent again, so that each is carried out at most once and answered alike. */
export interface Journal {
  /** What is known of a request, which counts as running from now on if it was new. */
  meet(request: Request): Standing;
  /** What is known of it, without any change. */
  look(key: string): 'unknown' | 'running' | 'answered' | 'cancelled';
  /** Whether records were lost to damage that may have told of it. */
  mayHaveBegun(request: Request): boolean;
  /** Resolves when there is room on the disk, as far as known, or when the request is over. */
  room(request: Request): Promise<void>;
  /**
   * Makes it known to later processes that the action is about to begin.
   *
   * Errors: `storage.full` when there was no room until the request was over, `storage.failed`.
   */
  begin(request: Request, asked: Asked, startedAtMs: number): Promise<Result<null>>;
  /**
   * Keeps the answer for when the request comes again. One that later processes must know is on the disk when it resolves;
   * while the disk is full, that takes until there is room. What cannot be written for another reason is kept in memory alone.
   * True when later processes know it.
   */
  conclude(request: Request, answered: Answered, keep: 'durably' | 'in memory'): Promise<boolean>;
  /** Makes it known that the broker has taken the answer, or that none is wanted. */
  sent(key: string): void;
  /** Forgets a request that was not meant for this node. */
  forget(request: Request): void;
  /** Makes it known that a request is not to be carried out should it come. False when too many of these are remembered. */
  cancelAhead(key: string, by: string): Promise<boolean>;
  /** Answers of earlier processes that have not arrived, as far as known. */
  unsent(): readonly Unsent[];
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly file: string;
  readonly clock: Clock;
  /** Told of damage that was found, and of a disk that is full or broken. */
  readonly onFault: (fault: Fault) => void;
  readonly files?: JournalFiles;
  readonly bounds?: BookBounds;
  /** Space held ready for a full disk, in bytes; default 1 MiB. */
  readonly ballastBytes?: number;
  readonly fullPauseMs?: number;
}

/** How long the note of a cancelled request waits for a full disk, in milliseconds; this process knows of it anyway. */
const aheadWaitMs = 3_000;

/** Most requests remembered that were cancelled before they came. */
const mostAhead = 10_000;

export const keyOf = (request: Pick<Request, 'sender' | 'requestId'>): string =>
  `${request.sender} ${request.requestId}`;

/** Until when a request could come again, whatever becomes of it: milliseconds since the epoch. */
export const forgetAtMs = (request: Pick<Request, 'issuedAtMs' | 'ttlMs'>, nowMs: number): number =>
  Math.max(request.issuedAtMs + request.ttlMs, nowMs) + 2 * limits.clockSkewMs + spareMs;

function answeredOf({ record }: Entry): Answered | undefined {
  const decoded = record === undefined ? undefined : decodeRecord(record);
  return decoded?.kind === 'verdict' ? { asked: decoded.asked, ending: decoded.ending } : undefined;
}

function shrink({ record }: Entry): Buffer | undefined {
  const decoded = record === undefined ? undefined : decodeRecord(record);
  return decoded?.kind === 'verdict' ? encodeRecord({ ...decoded, ending: withoutData(decoded.ending) }) : record;
}

class FileJournal implements Journal {
  readonly #book: RequestBook;
  readonly #clock: Clock;
  readonly #file: RecordFile;
  readonly #unsureBeforeMs: number;
  /** Requests that were cancelled before they came; some may be over by now. */
  #ahead: number;

  constructor(book: RequestBook, file: RecordFile, clock: Clock, unsureBeforeMs: number) {
    this.#book = book;
    this.#file = file;
    this.#clock = clock;
    this.#unsureBeforeMs = unsureBeforeMs;
    this.#ahead = this.#countAhead();
  }

  meet(request: Request): Standing {
    const key = keyOf(request);
    const nowMs = this.#clock();
    const known = this.#book.get(key, nowMs);
    if (known === undefined) {
      if (!this.#book.hasRoom(nowMs)) return { kind: 'full' };
      const entry = { status: 'running', isDurable: false, isSent: false, record: undefined } as const;
      this.#book.add(key, { ...entry, forgetAtMs: request.issuedAtMs + request.ttlMs + 2 * limits.clockSkewMs });
      return { kind: 'new' };
    }
    if (known.status === 'cancelled') {
      const record = known.record === undefined ? undefined : decodeRecord(known.record);
      this.#book.update(known, { status: 'running' });
      this.#ahead--;
      return { kind: 'cancelled', by: record?.kind === 'cancelled' ? record.by : '' };
    }
    const answered = answeredOf(known);
    return answered === undefined ? { kind: 'running' } : { kind: 'answered', answered };
  }

  look(key: string): 'unknown' | Entry['status'] {
    return this.#book.get(key, this.#clock())?.status ?? 'unknown';
  }

  mayHaveBegun(request: Request): boolean {
    return request.issuedAtMs <= this.#unsureBeforeMs + limits.clockSkewMs;
  }

  room(request: Request): Promise<void> {
    return this.#file.room(request.issuedAtMs + request.ttlMs);
  }

  async begin(request: Request, asked: Asked, startedAtMs: number): Promise<Result<null>> {
    const key = keyOf(request);
    const record = encodeRecord({ kind: 'begun', key, asked, startedAtMs });
    const entry = this.#book.get(key, this.#clock());
    if (entry !== undefined) this.#book.update(entry, { isDurable: true, record, forgetAtMs: asked.forgetAtMs });
    return this.#file.append(record, request.issuedAtMs + request.ttlMs);
  }

  async conclude(request: Request, { asked, ending }: Answered, keep: 'durably' | 'in memory'): Promise<boolean> {
    const key = keyOf(request);
    const nowMs = this.#clock();
    const entry = this.#book.get(key, nowMs);
    if (entry === undefined) return false;
    // An action may have taken longer than its request was to live.
    const until = Math.max(asked.forgetAtMs, nowMs + spareMs);
    const isSent = asked.replyTo === null;
    const kept = { ...asked, forgetAtMs: until };
    const record = encodeRecord({ kind: 'verdict', key, asked: kept, ending, sent: isSent });
    const isDurable = entry.isDurable || keep === 'durably';
    const more = isDurable ? { isDurable, forgetAtMs: until } : {};
    this.#book.update(entry, { record, status: 'answered', isSent, ...more });
    return isDurable && (await this.#file.append(record)).ok;
  }

  sent(key: string): void {
    const entry = this.#book.get(key, this.#clock());
    if (entry === undefined || entry.isSent) return;
    this.#book.update(entry, { isSent: true });
    // When this record is lost, a later process sends the answer again, which does no harm.
    if (entry.isDurable) void this.#file.append(encodeRecord({ kind: 'sent', key }));
  }

  forget(request: Request): void {
    this.#book.delete(keyOf(request));
  }

  async cancelAhead(key: string, by: string): Promise<boolean> {
    const nowMs = this.#clock();
    if (this.#ahead >= mostAhead) {
      this.#book.forget(nowMs);
      this.#ahead = this.#countAhead();
    }
    if (this.#ahead >= mostAhead || !this.#book.hasRoom(nowMs)) return false;
    // It may come for as long as any request lives.
    const forgetAt = nowMs + limits.ttlMs + spareMs;
    const record = encodeRecord({ kind: 'cancelled', key, by, forgetAtMs: forgetAt });
    this.#book.add(key, { status: 'cancelled', isDurable: true, isSent: true, record, forgetAtMs: forgetAt });
    this.#ahead++;
    await this.#file.append(record, nowMs + aheadWaitMs);
    return true;
  }

  unsent(): readonly Unsent[] {
    const unsent: Unsent[] = [];
    for (const [key, entry] of this.#book.entries()) {
      const answered = entry.status === 'answered' && !entry.isSent ? answeredOf(entry) : undefined;
      if (answered !== undefined) unsent.push({ key, ...answered });
    }
    return unsent;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #countAhead(): number {
    return [...this.#book.entries()].filter(([, { status }]) => status === 'cancelled').length;
  }
}

/** All records that a file needs to say what the book does. */
function* recordsOf(book: RequestBook, nowMs: number, unsureBeforeMs: number): Generator<Buffer> {
  book.forget(nowMs);
  if (unsureBeforeMs + limits.ttlMs >= nowMs) yield encodeRecord({ kind: 'unsure', beforeMs: unsureBeforeMs });
  for (const [key, { isDurable, isSent, record, status }] of book.entries()) {
    if (!isDurable || record === undefined) continue;
    yield record;
    if (isSent && status === 'answered') yield encodeRecord({ kind: 'sent', key });
  }
}

/**
 * Opens the journal of a node. What an earlier process began and did not end has the verdict `interrupted` from now on.
 *
 * Errors: `storage.failed` when the file cannot be read or written.
 */
export async function openJournal(options: JournalOptions): Promise<Result<Journal>> {
  const { file, clock, onFault, files = journalFiles, bounds = bookBounds, ballastBytes = 1024 * 1024 } = options;
  const book = new RequestBook(bounds, shrink);
  try {
    const { unsureBeforeMs } = await readJournal(book, { file, clock, onFault, files });
    const ballast = createBallast({ file: `${file}.ballast`, sizeBytes: ballastBytes, files, clock });
    const snapshot = () => [...recordsOf(book, clock(), unsureBeforeMs)];
    const { fullPauseMs = 1000 } = options;
    const records = await openRecordFile({ path: file, files, clock, ballast, snapshot, onFault, fullPauseMs });
    return ok(new FileJournal(book, records, clock, unsureBeforeMs));
  } catch (thrown) {
    return fail('storage.failed', `${file} cannot be used: ${faultFrom(thrown).message}`, {
      mend: 'Correct "state", or the rights of that folder.',
    });
  }
}
