import { createPrivateKey, X509Certificate } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { hasCode } from '../files/index.ts';
import { createKeyPem } from '../pki/index.ts';

/** A certificate and its key, PEM, in files of their own. What is to take their place waits beside them, with `.next` at the end of its name. */
export interface KeyFiles {
  readonly certificate: string;
  readonly key: string;
}

const next = (file: string): string => `${file}.next`;

const unwritable = (thrown: unknown): Result<never> =>
  fail('file.unwritable', `The key cannot be written: ${faultFrom(thrown).message}`);

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return undefined;
    throw thrown;
  }
}

/** Writes a file that nobody else may read, and resolves when it is on the disk. */
async function writeSecret(file: string, text: string): Promise<void> {
  // What is written over keeps its mode, by which others might read it.
  await rm(file, { force: true });
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(file: string): Promise<void> {
  const handle = await open(dirname(file), 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whether a certificate is for a key; false for what is neither. */
export function belongTogether(certificatePem: string, keyPem: string): boolean {
  try {
    return new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(keyPem));
  } catch {
    return false;
  }
}

/**
 * The key, PEM, that waits for its certificate; made when none waits. It is on the disk before anybody hears of it, so that who was
 * interrupted goes on with the same. Errors: `file.unwritable`.
 */
export async function waitingKey({ key }: KeyFiles): Promise<Result<string>> {
  try {
    const waiting = await readIfThere(next(key));
    if (waiting !== undefined && isKey(waiting)) return ok(waiting);
    const made = await createKeyPem();
    await writeSecret(next(key), made);
    return ok(made);
  } catch (thrown) {
    return unwritable(thrown);
  }
}

function isKey(pem: string): boolean {
  try {
    createPrivateKey(pem);
    return true;
  } catch {
    return false;
  }
}

/** Forgets the key that waits: it will not be certified. */
export const dropWaitingKey = ({ key }: KeyFiles): Promise<void> => rm(next(key), { force: true });

/** Puts the key that waits and its certificate in place. A process that dies meanwhile leaves what {@link finishInstalling} completes. */
export async function install(files: KeyFiles, certificatePem: string): Promise<Result<void>> {
  try {
    await writeSecret(next(files.certificate), certificatePem);
    await syncFolder(files.certificate);
    await rename(next(files.key), files.key);
    await rename(next(files.certificate), files.certificate);
    await syncFolder(files.certificate);
    return ok(undefined);
  } catch (thrown) {
    return unwritable(thrown);
  }
}

/** Completes what a process left half done: key and certificate in place belong together afterwards if they did before. Errors: `file.unwritable`. */
export async function finishInstalling(files: KeyFiles): Promise<Result<void>> {
  try {
    const certificate = await readIfThere(next(files.certificate));
    if (certificate === undefined) return ok(undefined);
    const [waiting, used] = [await readIfThere(next(files.key)), await readIfThere(files.key)];
    const isForWaiting = waiting !== undefined && belongTogether(certificate, waiting);
    if (isForWaiting) await rename(next(files.key), files.key);
    if (isForWaiting || (used !== undefined && belongTogether(certificate, used))) {
      await rename(next(files.certificate), files.certificate);
    } else await rm(next(files.certificate));
    return ok(undefined);
  } catch (thrown) {
    return unwritable(thrown);
  }
}
