import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { firstSeqOf, rotatedFiles, rotatedName } from './files.ts';

/** The file that is written, for its owner alone. It grows by whole lines: what was written by halves is cut off again. */
export class AuditFile {
  readonly path: string;
  #handle: FileHandle | undefined;
  #size: number;
  /** Whether something may stand behind `#size`. */
  #mayHaveMore = true;

  /** What stands behind `size` is cut off before anything is written. */
  constructor(path: string, size: number) {
    this.path = path;
    this.#size = size;
  }

  /** Of what was written whole, in bytes. */
  get size(): number {
    return this.#size;
  }

  /** Adds lines, all of them or none. Rejects when they could not be written. */
  async append(text: string): Promise<void> {
    const handle = await this.#writable();
    const bytes = Buffer.from(text);
    this.#mayHaveMore = true;
    try {
      for (let done = 0; done < bytes.length;) {
        done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten;
      }
    } catch (thrown) {
      // When this fails, too, it is tried again before the next lines.
      await this.#cut(handle).catch(() => undefined);
      throw thrown;
    }
    this.#size += bytes.length;
    this.#mayHaveMore = false;
  }

  /** Resolves when what was written outlives a loss of power. */
  async sync(): Promise<void> {
    await this.#handle?.datasync();
  }

  /** Puts the file aside under the number of its first record; the next lines begin a new one. */
  async rotate(firstSeq: number): Promise<void> {
    await this.close();
    await rename(this.path, rotatedName(this.path, firstSeq));
    this.#size = 0;
  }

  /** Removes the oldest of the files that are full, so that `keep` stay. Gives the numbers of their first records. */
  async dropOldest(keep: number): Promise<readonly number[]> {
    const full = await rotatedFiles(this.path);
    const dropped = full.slice(0, Math.max(0, full.length - keep));
    for (const file of dropped) await rm(file, { force: true });
    return dropped.map((file) => firstSeqOf(file));
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async #writable(): Promise<FileHandle> {
    this.#handle ??= await open(this.path, 'a', 0o600);
    if (this.#mayHaveMore) await this.#cut(this.#handle);
    return this.#handle;
  }

  async #cut(handle: FileHandle): Promise<void> {
    await handle.chmod(0o600);
    await handle.truncate(this.#size);
    this.#mayHaveMore = false;
  }
}
