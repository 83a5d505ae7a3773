import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Facts } from '../facts/index.ts';

/**
 * Keeps the facts as a JSON file for agents in processes of their own, written when somebody asks and they have changed.
 * Gives the function that asks: it resolves with the file's path.
 */
export function createFactsFile(folder: string, facts: () => Promise<Facts>): () => Promise<string> {
  const file = join(folder, 'facts.json');
  let written: Facts | undefined;
  let writing: Promise<unknown> = Promise.resolve();

  async function write(): Promise<string> {
    const current = await facts();
    if (current === written) return file;
    await writeFile(`${file}.new`, JSON.stringify(current), { mode: 0o600 });
    await rename(`${file}.new`, file);
    written = current;
    return file;
  }

  return () => {
    const next = writing.then(write, write);
    writing = next.catch(() => undefined);
    return next;
  };
}
