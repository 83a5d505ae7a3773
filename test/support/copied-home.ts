import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** A home of the same person on the same fleet. */
export interface CopiedHome {
  readonly folder: string;
  /** Deletes it. */
  remove(): Promise<void>;
}

/** Copies a home, without what it has stored and written down. */
export async function copiedHome(home: string): Promise<CopiedHome> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-copied-home-'));
  const isLeft = (source: string) => ['data', 'archive', 'audit'].includes(basename(source));
  await cp(home, folder, { recursive: true, filter: (source) => !isLeft(source) });
  return { folder, remove: () => rm(folder, { recursive: true }) };
}
