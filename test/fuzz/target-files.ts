import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const inFuzz = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const targetFolder = inFuzz('targets');

/** Names of all targets, in alphabetical order. */
export async function targetNames(): Promise<readonly string[]> {
  const files = await readdir(targetFolder);
  return files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3))
    .sort();
}

export const targetFile = (name: string): string => join(targetFolder, `${name}.ts`);

/** Folder of the inputs that are kept for a target. */
export const seedFolder = (name: string): string => join(inFuzz('seeds'), name);
