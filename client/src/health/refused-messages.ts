import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { maxLineBytes, readRecord } from '@muster/runtime/audit';
import { splitLines } from '@muster/runtime/files';
import { findChains } from '../audit/index.ts';

/** In how large steps refusals are counted, in milliseconds. */
const stepMs = 600_000;

/** How much of a file is read that was not known before, in bytes: as much as a file has before another one takes its place. */
const mostReadBytes = 20 * 1024 * 1024;

/** What all these records have in their lines, as the audit writes them. */
const mark = Buffer.from('"kind":"rejected"');

interface ReadFile {
  readonly ino: number;
  readonly endOffset: number;
}

/**
 * Counts what the audit says was refused: messages that nobody believed, and calls that the window's host turned away. Each file is read once;
 * after that only what was added to it.
 */
export class RefusedMessages {
  readonly #folder: string;
  readonly #keptMs: number;
  /** Counts by code, by the step of time in which they were. */
  readonly #steps = new Map<number, Map<string, number>>();
  #files = new Map<string, ReadFile>();
  #reading: Promise<void> = Promise.resolve();

  /** `keptMs`: how far back refusals are asked for. */
  constructor(folder: string, keptMs: number) {
    this.#folder = folder;
    this.#keptMs = keptMs;
  }

  /** By code, most first. Errors: `audit.unreadable`. */
  async count(nowMs: number): Promise<Result<{ code: string; count: number }[]>> {
    const sinceMs = nowMs - this.#keptMs;
    try {
      this.#reading = this.#reading.catch(() => undefined).then(() => this.#readOn(sinceMs));
      await this.#reading;
    } catch (thrown) {
      return fail('audit.unreadable', `The audit cannot be read: ${faultFrom(thrown).message}`);
    }
    const counts = new Map<string, number>();
    for (const [step, codes] of this.#steps) {
      if ((step + 1) * stepMs < sinceMs) this.#steps.delete(step);
      else for (const [code, count] of codes) counts.set(code, (counts.get(code) ?? 0) + count);
    }
    return ok([...counts].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count));
  }

  async #readOn(sinceMs: number): Promise<void> {
    const files = new Map<string, ReadFile>();
    const known = new Map([...this.#files.values()].map((file) => [file.ino, file]));
    for (const { files: paths } of await findChains(this.#folder)) {
      for (const path of paths) {
        const { ino, size, mtimeMs } = await stat(path);
        // A file keeps its number when it is put aside; a shorter one is another.
        const before = known.get(ino);
        const start = before !== undefined && before.endOffset <= size ? before.endOffset : 0;
        const isOld = before === undefined && mtimeMs < sinceMs;
        const endOffset =
          isOld || start === size ? size : await this.#readFrom(path, Math.max(start, size - mostReadBytes), sinceMs);
        files.set(path, { ino, endOffset });
      }
    }
    this.#files = files;
  }

  /** Gives where the last whole line ends. */
  async #readFrom(path: string, start: number, sinceMs: number): Promise<number> {
    let endOffset = start;
    for await (const line of splitLines(createReadStream(path, { start }), maxLineBytes)) {
      if (!line.isEnded) break;
      endOffset = start + line.endOffset;
      if (line.bytes?.includes(mark) === true) this.#note(line.bytes, sinceMs);
    }
    return endOffset;
  }

  #note(line: Buffer, sinceMs: number): void {
    const record = readRecord(line);
    if (!record.ok || record.value.kind !== 'rejected') return;
    const { time, code, passedOver } = record.value;
    const timeMs = Date.parse(time);
    if (timeMs < sinceMs || typeof code !== 'string') return;
    const step = Math.floor(timeMs / stepMs);
    const codes = this.#steps.get(step) ?? new Map<string, number>();
    codes.set(code, (codes.get(code) ?? 0) + 1 + (typeof passedOver === 'number' ? passedOver : 0));
    this.#steps.set(step, codes);
  }
}
