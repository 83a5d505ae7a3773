import { statSync } from 'node:fs';
import { fail, type Result } from '@muster/protocol/errors';
import { ProcessLock } from '../storage/worker/safety/process-lock.ts';
import { storageFault } from '../storage/worker/storage-fault.ts';

/** The size of a file in bytes; 0 when there is none. */
export const bytesOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** Looks at a database that nobody replaces meanwhile. Errors: `storage.failed` when there is none; what SQLite throws as a fault. */
export function guarded<T>(file: string, use: () => Result<T>): Result<T> {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    return fail('storage.failed', `There is no database ${file} yet`);
  }
  let lock: ProcessLock | null = null;
  try {
    lock = ProcessLock.share(file);
    return use();
  } catch (thrown) {
    return { ok: false, error: storageFault(thrown, file) };
  } finally {
    lock?.release();
  }
}
