import { execFile } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A disk of its own that can be filled. */
export interface TinyDisk {
  /** Leaves no byte free. */
  fill(): Promise<void>;
  free(): Promise<void>;
  unmount(): Promise<void>;
}

/** Puts a file system of some MiB, in memory, at a folder. Needs root. */
export async function mountTinyDisk(folder: string, mebibytes: number): Promise<TinyDisk> {
  await mkdir(folder, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0700`, 'muster-faults', folder]);
  const filler = join(folder, 'filler');
  return {
    async fill() {
      const file = await open(filler, 'a');
      try {
        for (const size of [1024 * 1024, 4096, 1]) await writeUntilFull((bytes) => file.appendFile(bytes), size);
      } finally {
        await file.close();
      }
    },
    free: () => rm(filler, { force: true }),
    // The folder may still be in use by a process that is about to end: it goes as soon as that has.
    unmount: async () => {
      await run('umount', ['--lazy', folder]);
    },
  };
}

async function writeUntilFull(write: (bytes: Buffer) => Promise<void>, size: number): Promise<void> {
  const bytes = Buffer.alloc(size, '.');
  for (;;) {
    try {
      await write(bytes);
    } catch (thrown) {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC') return;
      throw thrown;
    }
  }
}
