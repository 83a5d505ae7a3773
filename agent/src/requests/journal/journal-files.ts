import { link, open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode } from '@muster/runtime/files';

/** A file that is written where its records end. */
export interface OpenFile {
  /** Writes all of it at that offset. */
  write(bytes: Uint8Array, offset: number): Promise<void>;
  truncate(size: number): Promise<void>;
  /** Resolves when what was written outlives a loss of power. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The little of a file system that a journal needs. All of it rejects as Node's own functions do. */
export interface JournalFiles {
  /** The whole file; undefined when there is none. */
  read(path: string): Promise<Buffer | undefined>;
  /** A new, empty file for its owner alone, in place of what was there. */
  create(path: string): Promise<OpenFile>;
  /** A file that is there. */
  reopen(path: string): Promise<OpenFile>;
  /** Puts one file in the place of another, for good once it resolves. */
  replace(from: string, to: string): Promise<void>;
  /** Keeps what a file holds under a second name, in place of what that named before. */
  keep(path: string, as: string): Promise<void>;
  remove(path: string): Promise<void>;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const openFile = (file: FileHandle): OpenFile => ({
  async write(bytes, offset) {
    for (let done = 0; done < bytes.length;) {
      done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
    }
  },
  truncate: (size) => file.truncate(size),
  sync: () => file.datasync(),
  close: () => file.close(),
});

/** The file system of this machine. */
export const journalFiles: JournalFiles = {
  async read(path) {
    try {
      return await readFile(path);
    } catch (thrown) {
      if (hasCode(thrown, 'ENOENT')) return undefined;
      throw thrown;
    }
  },
  create: async (path) => openFile(await open(path, 'w', 0o600)),
  reopen: async (path) => openFile(await open(path, 'r+')),
  async replace(from, to) {
    await rename(from, to);
    await syncFolder(dirname(to));
  },
  async keep(path, as) {
    await rm(as, { force: true });
    await link(path, as);
  },
  remove: (path) => rm(path, { force: true }),
};
