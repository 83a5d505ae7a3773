import { fail, faultFrom, ok, type Fault, type Result } from '@muster/protocol/errors';
import type { Clock } from '@muster/runtime/effects';
import { isDiskFull } from '@muster/runtime/files';
import type { Ballast } from './ballast.ts';
import type { JournalFiles, OpenFile } from './journal-files.ts';
import { endOfRecords, paddingAfter } from './record.ts';

/** A file of records that outlive a crash once they are appended. */
export interface RecordFile {
  /**
   * Resolves when the record is on the disk. All that came in the meantime shares one wait for the disk. While the disk is
   * full it waits for room, until `untilMs` at most.
   *
   * Errors: `storage.full` when there was no room until then, or the file was closed before; `storage.failed`.
   */
  append(record: Uint8Array, untilMs?: number): Promise<Result<null>>;
  /** Resolves when there is room, as far as known, or that moment has passed. */
  room(untilMs: number): Promise<void>;
  /** Writes what waits, if it can, and closes the file. */
  close(): Promise<void>;
}

export interface RecordFileOptions {
  readonly path: string;
  readonly files: JournalFiles;
  readonly clock: Clock;
  readonly ballast: Ballast;
  /** All records that must be kept, for when the file is written anew. */
  readonly snapshot: () => readonly Uint8Array[];
  /** Told of a disk that is full or broken, each time that something could not be written. */
  readonly onFault: (fault: Fault) => void;
  /** How long a full disk is left alone, in milliseconds; default 1 s. */
  readonly fullPauseMs?: number;
}

interface Waiting {
  readonly record: Uint8Array;
  readonly untilMs: number;
  readonly settle: (result: Result<null>) => void;
}

/** Appended bytes from which the file is written anew, beyond as many again as it then had. */
const spareBytes = 1024 * 1024;

/** Largest single write while the file is written anew, in bytes. */
const chunkBytes = 1024 * 1024;

function* chunksOf(records: readonly Uint8Array[]): Generator<Uint8Array> {
  let chunk: Uint8Array[] = [];
  let size = 0;
  for (const record of records) {
    chunk.push(record);
    size += record.length;
    if (size < chunkBytes) continue;
    yield Buffer.concat(chunk);
    chunk = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(chunk);
}

const noRoom = (path: string): Fault => ({ code: 'storage.full', message: `The disk is full: no room for ${path}` });

class AppendOnlyFile implements RecordFile {
  readonly #options: RecordFileOptions;
  #file: OpenFile | undefined;
  /** How far records reach; zeros follow up to where the file ends. */
  #sizeBytes = 0;
  #fileBytes = 0;
  #rewriteFromBytes = spareBytes;
  /** The end of the file cannot be relied upon, so all of it is written anew before anything else. */
  #isSuspect = true;
  #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;
  #isFull = false;
  #isClosed = false;
  #wake: () => void = () => undefined;
  #roomMade: (() => void)[] = [];

  constructor(options: RecordFileOptions) {
    this.#options = options;
  }

  /** Writes all records into a new file, and that into the place of the old one: at each moment one of them is whole. */
  async #rewrite(): Promise<void> {
    const { path, files, snapshot } = this.#options;
    const file = await files.create(`${path}.new`);
    let sizeBytes = 0;
    let padding: Buffer;
    try {
      for (const chunk of chunksOf(snapshot())) {
        await file.write(chunk, sizeBytes);
        sizeBytes += chunk.length;
      }
      padding = paddingAfter(sizeBytes);
      await file.write(padding, sizeBytes);
      await file.sync();
      await files.replace(`${path}.new`, path);
    } catch (thrown) {
      await file.close().catch(() => undefined);
      await files.remove(`${path}.new`).catch(() => undefined);
      throw thrown;
    }
    await this.#file?.close().catch(() => undefined);
    this.#file = file;
    this.#sizeBytes = sizeBytes;
    this.#fileBytes = sizeBytes + padding.length;
    this.#rewriteFromBytes = 2 * sizeBytes + spareBytes;
    this.#isSuspect = false;
  }

  /** The same; where there is no room for that, what is there is gone on with: a record survives a damaged end before it. */
  async open(): Promise<void> {
    const { path, files, ballast, onFault } = this.#options;
    try {
      await this.#rewrite();
    } catch (thrown) {
      if (!isDiskFull(thrown)) throw thrown;
      if (await ballast.giveUp()) return this.open();
      onFault(noRoom(path));
      const bytes = await files.read(path);
      if (bytes === undefined) throw thrown;
      this.#file = await files.reopen(path);
      this.#sizeBytes = endOfRecords(bytes);
      this.#fileBytes = bytes.length;
      this.#isSuspect = false;
    }
    await ballast.take();
  }

  append(record: Uint8Array, untilMs = Infinity): Promise<Result<null>> {
    if (this.#isClosed) return Promise.resolve(fail('storage.failed', 'The journal is closed'));
    return new Promise((settle) => {
      this.#waiting.push({ record, untilMs, settle });
      this.#working ??= this.#work();
    });
  }

  async room(untilMs: number): Promise<void> {
    while (this.#isFull && !this.#isClosed && this.#options.clock() < untilMs) {
      await new Promise<void>((resolve) => this.#roomMade.push(resolve));
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    await this.#working;
    await this.#file?.close().catch(() => undefined);
    this.#file = undefined;
  }

  async #work(): Promise<void> {
    // What is appended at the same moment goes together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      await this.#commit(this.#waiting.splice(0));
      if (!this.#isFull) continue;
      this.#dropLate();
      if (this.#waiting.length > 0) await this.#pause();
    }
    this.#setFull(false);
    // At once, so that nothing is appended in between and left lying.
    this.#working = undefined;
  }

  /** Writes a batch; as much of it as there is room for when the disk is full. */
  async #commit(batch: readonly Waiting[]): Promise<void> {
    const whole = await this.#write(batch);
    if (whole === 'written') return this.#afterwards();
    if (whole === 'failed') return;
    const left: Waiting[] = [];
    for (const each of batch) if ((await this.#write([each])) === 'full') left.push(each);
    this.#setFull(left.length > 0);
    if (left.length === 0) return;
    this.#waiting.unshift(...left);
    this.#options.onFault(noRoom(this.#options.path));
  }

  async #write(batch: readonly Waiting[]): Promise<'written' | 'full' | 'failed'> {
    const bytes = Buffer.concat(batch.map(({ record }) => record));
    for (;;) {
      try {
        await this.#put(bytes);
        for (const { settle } of batch) settle(ok(null));
        return 'written';
      } catch (thrown) {
        await this.#undo();
        if (isDiskFull(thrown)) {
          if (await this.#options.ballast.giveUp()) continue;
          return 'full';
        }
        const { path } = this.#options;
        const fault: Fault = {
          code: 'storage.failed',
          message: `${path} cannot be written: ${faultFrom(thrown).message}`,
        };
        this.#options.onFault(fault);
        for (const { settle } of batch) settle({ ok: false, error: fault });
        return 'failed';
      }
    }
  }

  async #put(bytes: Uint8Array): Promise<void> {
    if (this.#isSuspect || this.#file === undefined) await this.#rewrite();
    const file = this.#file;
    if (file === undefined) throw new Error('the file is not open');
    const endBytes = this.#sizeBytes + bytes.length;
    const more = endBytes > this.#fileBytes ? paddingAfter(endBytes) : Buffer.alloc(0);
    await file.write(Buffer.concat([bytes, more]), this.#sizeBytes);
    try {
      await file.sync();
    } catch (thrown) {
      // What a failed sync has left on the disk, nobody can say.
      this.#isSuspect = true;
      throw thrown;
    }
    this.#sizeBytes = endBytes;
    this.#fileBytes = Math.max(this.#fileBytes, endBytes + more.length);
  }

  /** Takes away what was written in part. */
  async #undo(): Promise<void> {
    if (this.#isSuspect) return;
    try {
      await this.#file?.truncate(this.#fileBytes);
      await this.#file?.write(Buffer.alloc(this.#fileBytes - this.#sizeBytes), this.#sizeBytes);
    } catch {
      this.#isSuspect = true;
    }
  }

  async #afterwards(): Promise<void> {
    this.#setFull(false);
    if (this.#sizeBytes >= this.#rewriteFromBytes) {
      try {
        await this.#rewrite();
      } catch (thrown) {
        this.#rewriteFromBytes = this.#sizeBytes + spareBytes;
        this.#options.onFault({
          code: isDiskFull(thrown) ? 'storage.full' : 'storage.failed',
          message: `${this.#options.path} cannot be made smaller: ${faultFrom(thrown).message}`,
        });
      }
    }
    await this.#options.ballast.take();
  }

  #dropLate(): void {
    const nowMs = this.#options.clock();
    const late = this.#waiting.filter(({ untilMs }) => this.#isClosed || untilMs <= nowMs);
    if (late.length === 0) return;
    this.#waiting = this.#waiting.filter((each) => !late.includes(each));
    for (const { settle } of late) settle({ ok: false, error: noRoom(this.#options.path) });
  }

  #setFull(full: boolean): void {
    this.#isFull = full;
    // Also while it is full: whoever waits looks at the time.
    for (const resolve of this.#roomMade.splice(0)) resolve();
  }

  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#options.fullPauseMs ?? 1000);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#isClosed) this.#wake();
    });
  }
}

/** Opens a file, and writes it anew with what the snapshot gives now. Rejects when it cannot be written. */
export async function openRecordFile(options: RecordFileOptions): Promise<RecordFile> {
  const file = new AppendOnlyFile(options);
  await file.open();
  return file;
}
