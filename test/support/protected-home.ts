import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { protectOwnKey } from '@muster/client/keys';
import { ok, unwrap } from '@muster/protocol/errors';
import { copiedHome, type CopiedHome } from './copied-home.ts';

/** A home of the same person, whose key a passphrase protects. */
export interface ProtectedHome extends CopiedHome {
  readonly passphrase: string;
}

/** Copies a home and protects the key of the copy. */
export async function protectedHome(home: string): Promise<ProtectedHome> {
  const copy = await copiedHome(home);
  const passphrase = 'correct horse battery';
  unwrap(await protectOwnKey(copy.folder, passphrase, () => Promise.resolve(ok(null))));
  await writeFile(join(copy.folder, 'passphrase'), passphrase, { mode: 0o600 });
  return { ...copy, passphrase };
}
