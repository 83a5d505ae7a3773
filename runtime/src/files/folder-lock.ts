import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { isAlive, processMark } from '../processes/index.ts';
import { hasCode } from './has-code.ts';

/** A folder that no other process works in. */
export interface FolderLock {
  release(): Promise<void>;
}

const folderMode = 0o700;

async function readMark(file: string): Promise<{ readonly pid: number; readonly started: string }> {
  const [pid, started = ''] = (await readFile(file, 'utf8').catch(() => '')).trim().split(' ');
  return { pid: Number(pid), started };
}

/** Makes a file that holds the text from its first moment on; false when it is there already. */
async function create(file: string, text: string): Promise<boolean> {
  // Several in this process may come at once.
  const whole = `${file}.${process.pid}.${randomUUID()}`;
  await writeFile(whole, text, { mode: 0o600 });
  try {
    await link(whole, file);
    return true;
  } catch (thrown) {
    if (hasCode(thrown, 'EEXIST')) return false;
    throw thrown;
  } finally {
    await rm(whole, { force: true });
  }
}

/** Takes away what a killed process left, unless another that came at the same time has put its own in the place. */
async function takeAway(file: string): Promise<void> {
  const left = `${file}.left`;
  await rename(file, left).catch(() => undefined);
  if (await isAlive(await readMark(left))) await link(left, file).catch(() => undefined);
  await rm(left, { force: true });
}

/** Makes a file that says which process holds it. Errors: `home.in_use`. Rejects as the file system does. */
async function hold(file: string, about: string, mend: string): Promise<Result<FolderLock>> {
  const own = await processMark(process.pid);
  const text = `${process.pid} ${own?.started ?? ''}\n`;
  while (!(await create(file, text))) {
    const holder = await readMark(file);
    if (await isAlive(holder)) {
      return fail('home.in_use', `Process ${holder.pid} works in ${about}`, { mend });
    }
    await takeAway(file);
  }
  return ok({ release: () => rm(file, { force: true }) });
}

/**
 * Makes the folder, if need be, and keeps other processes that ask for it out of it until it is released or this process ends.
 * `mend` says what to do about another that is in it, and about a folder that cannot be used.
 *
 * Errors: `home.in_use` while another process works in it, `storage.failed` when it cannot be made or written.
 */
export async function lockFolder(
  folder: string,
  mend: { readonly inUse: string; readonly unusable: string },
): Promise<Result<FolderLock>> {
  try {
    await mkdir(folder, { recursive: true, mode: folderMode });
    return await hold(join(folder, 'lock'), folder, mend.inUse);
  } catch (thrown) {
    return fail('storage.failed', `${folder} cannot be used: ${faultFrom(thrown).message}`, { mend: mend.unusable });
  }
}

/** A lock among several that are alike. */
export interface NumberedLock extends FolderLock {
  /** From 1. */
  readonly number: number;
}

/**
 * Takes the first of the locks `PREFIX1.lock`, `PREFIX2.lock`, … that no other process, and nothing else in this one, holds.
 *
 * Errors: `home.in_use` when all `most` are held, `storage.failed` when none can be written.
 */
export async function lockFirstFree(prefix: string, most: number): Promise<Result<NumberedLock>> {
  try {
    await mkdir(dirname(prefix), { recursive: true, mode: folderMode });
    for (let number = 1; number <= most; number++) {
      const held = await hold(`${prefix}${number}.lock`, `${prefix}${number}`, '');
      if (held.ok) return ok({ ...held.value, number });
    }
    return fail('home.in_use', `All ${most} locks of ${prefix} are held`);
  } catch (thrown) {
    return fail('storage.failed', `${prefix} cannot be locked: ${faultFrom(thrown).message}`);
  }
}
