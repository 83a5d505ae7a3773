import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskFile } from './metadata.ts';

const digestOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** Files by their SHA-256. What does not have the digest that it should is never given out. */
export interface FileCache {
  /** What is in a file; it is fetched when the cache does not have it. Rejects when the content is another one. */
  content(file: TaskFile): Promise<Buffer>;
  /** Forgets files that were last used longer ago. */
  sweep(keepMs: number): Promise<void>;
}

export function createFileCache(folder: string, clock: () => number): FileCache {
  const pathOf = (sha256: string): string => join(folder, sha256);

  async function cached({ sha256 }: TaskFile): Promise<Buffer | undefined> {
    try {
      const content = await readFile(pathOf(sha256));
      return digestOf(content) === sha256 ? content : undefined;
    } catch {
      return undefined;
    }
  }

  return {
    async content(file) {
      const path = pathOf(file.sha256);
      const known = await cached(file);
      if (known !== undefined) {
        const now = new Date(clock());
        await utimes(path, now, now);
        return known;
      }
      const content = await file.read();
      const digest = digestOf(content);
      if (digest !== file.sha256) {
        throw new Error(`${file.filename} has the SHA-256 ${digest}, not ${file.sha256}`);
      }
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // Whole or not at all, also when two actions fetch it at once.
      const draft = `${path}.${process.pid}`;
      await writeFile(draft, content, { mode: 0o600 });
      await rename(draft, path);
      return content;
    },
    async sweep(keepMs) {
      for (const name of await readdir(folder).catch(() => [])) {
        const path = join(folder, name);
        if ((await stat(path)).mtimeMs + keepMs < clock()) await rm(path, { force: true });
      }
    },
  };
}
