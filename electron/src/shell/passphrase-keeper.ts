import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { safeStorage } from 'electron';
import type { PassphraseKeeper } from '@muster/client/guard';
import { fail } from '@muster/protocol/errors';
import { replaceSecretFile } from '@muster/runtime/keys';

/** Whether the desktop encrypts what it keeps; on Linux without a key ring Electron would only disguise it. */
async function canKeep(): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false;
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}

/** Keeps the passphrase in a file of a folder, encrypted with a key that the desktop's own store holds. The app must be ready. */
export async function createPassphraseKeeper(folder: string): Promise<PassphraseKeeper> {
  const file = join(folder, 'passphrase');
  const isAvailable = await canKeep();
  return {
    isAvailable,
    async load() {
      if (!isAvailable) return null;
      try {
        const encrypted = Buffer.from(await readFile(file, 'latin1'), 'base64');
        return (await safeStorage.decryptStringAsync(encrypted)).result;
      } catch {
        // None is kept, or the desktop has another key by now.
        return null;
      }
    },
    async keep(passphrase) {
      if (!isAvailable) return fail('file.unwritable', 'The desktop has no store that keeps a passphrase');
      // A home that never had a window to itself has no folder for it.
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return replaceSecretFile(file, (await safeStorage.encryptStringAsync(passphrase)).toString('base64'));
    },
    forget: () => rm(file, { force: true }),
  };
}
