import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { protectOwnKey } from '@muster/client/keys';
import { ok, unwrap } from '@muster/protocol/errors';

/** A home of the same person, whose key a passphrase protects. */
export interface ProtectedHome {
  readonly folder: string;
  readonly passphrase: string;
  /** Deletes it. */
  remove(): Promise<void>;
}

/** Copies a home, without what it has stored, and protects the key of the copy. */
export async function protectedHome(home: string): Promise<ProtectedHome> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-protected-'));
  const passphrase = 'correct horse battery';
  await cp(home, folder, { recursive: true, filter: (source) => !['data', 'archive'].includes(basename(source)) });
  unwrap(await protectOwnKey(folder, passphrase, () => Promise.resolve(ok(null))));
  await writeFile(join(folder, 'passphrase'), passphrase, { mode: 0o600 });
  return { folder, passphrase, remove: () => rm(folder, { recursive: true }) };
}
