import type { JournalFiles, OpenFile } from '@muster/agent/requests';

interface File {
  bytes: Buffer;
  /** What of it outlives a loss of power. */
  synced: Buffer;
}

const systemError = (code: string): Error => Object.assign(new Error(`${code}: simulated`), { code });

function firstDifference(one: Buffer, other: Buffer): number {
  let index = 0;
  while (index < other.length && one[index] === other[index]) index++;
  return index;
}

/** A disk in memory for a journal, which may be full or broken, and from which power may be taken at any step. */
export class MemoryFiles implements JournalFiles {
  readonly files = new Map<string, File>();
  /** Bytes that it takes in all. */
  capacityBytes = Infinity;
  /** Codes of the errors that steps fail with, by their names. */
  readonly failures = new Map<keyof JournalFiles | keyof OpenFile, string>();
  /** Called before and after each step that changes something. */
  onStep: () => void = () => undefined;

  content(path: string): Buffer | undefined {
    return this.files.get(path)?.bytes;
  }

  put(path: string, bytes: Buffer): void {
    this.files.set(path, { bytes, synced: bytes });
  }

  /** The disk as it is after power was lost: of what was not synced, so many bytes are there, for each file. */
  afterCrash(unsyncedBytes: number): MemoryFiles {
    const left = new MemoryFiles();
    for (const [path, { bytes, synced }] of this.files) {
      const reach = firstDifference(bytes, synced) + unsyncedBytes;
      left.put(path, Buffer.concat([bytes.subarray(0, reach), synced.subarray(reach)]));
    }
    return left;
  }

  read = (path: string): Promise<Buffer | undefined> => Promise.resolve(this.content(path));

  create = (path: string): Promise<OpenFile> =>
    this.#step('create', () => {
      const file = { bytes: Buffer.alloc(0), synced: Buffer.alloc(0) };
      this.files.set(path, file);
      return this.#open(file);
    });

  reopen = (path: string): Promise<OpenFile> => this.#step('reopen', () => this.#open(this.#file(path)));

  replace = (from: string, to: string): Promise<void> =>
    this.#step('replace', () => {
      this.files.set(to, this.#file(from));
      this.files.delete(from);
    });

  keep = (path: string, as: string): Promise<void> =>
    this.#step('keep', () => {
      this.files.set(as, this.#file(path));
    });

  remove = (path: string): Promise<void> =>
    this.#step('remove', () => {
      this.files.delete(path);
    });

  #file(path: string): File {
    const file = this.files.get(path);
    if (file === undefined) throw systemError('ENOENT');
    return file;
  }

  #freeBytes(): number {
    return this.capacityBytes - [...new Set(this.files.values())].reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  async #step<T>(name: keyof JournalFiles | keyof OpenFile, work: () => T): Promise<T> {
    await Promise.resolve();
    this.onStep();
    const failure = this.failures.get(name);
    if (failure !== undefined) throw systemError(failure);
    const result = work();
    this.onStep();
    return result;
  }

  #open(file: File): OpenFile {
    return {
      write: (bytes, offset) =>
        this.#step('write', () => {
          const more = Math.max(0, offset + bytes.length - file.bytes.length);
          const fits = Math.min(bytes.length, bytes.length - more + Math.max(0, this.#freeBytes()));
          const behind = file.bytes.subarray(offset + fits);
          file.bytes = Buffer.concat([file.bytes.subarray(0, offset), bytes.subarray(0, fits), behind]);
          if (fits < bytes.length) throw systemError('ENOSPC');
        }),
      truncate: (size) =>
        this.#step('truncate', () => {
          file.bytes = file.bytes.subarray(0, size);
        }),
      sync: () =>
        this.#step('sync', () => {
          file.synced = file.bytes;
        }),
      close: () => Promise.resolve(),
    };
  }
}
