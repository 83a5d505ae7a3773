import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import type { Request } from '@muster/protocol/messages';
import { hasCode } from '../files/index.ts';
import { openInputs, type SealedFor } from './sealed-inputs.ts';

/** The key to which others seal what only this node may read. */
export interface SealingKey {
  /** Its public part: `age1…`. */
  readonly recipient: string;
  /** Errors: `sealing.unreadable`. */
  open(sealed: string, sealedFor: SealedFor): Promise<Result<Request['inputs']>>;
}

const identityPattern = /^AGE-SECRET-KEY-1[0-9A-Z]+$/m;

const isMissing = (thrown: unknown): boolean => hasCode(thrown, 'ENOENT');

async function keyOf(identity: string): Promise<SealingKey> {
  const recipient = await identityToRecipient(identity);
  return { recipient, open: (sealed, sealedFor) => openInputs(sealed, identity, sealedFor) };
}

/** A new key that no file holds. */
export const createSealingKey = async (): Promise<SealingKey> => keyOf(await generateX25519Identity());

async function makeKey(file: string): Promise<string> {
  const identity = await generateX25519Identity();
  const text = `# public key: ${await identityToRecipient(identity)}\n${identity}\n`;
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return text;
}

async function readOrMake(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    if (isMissing(thrown)) return makeKey(file);
    throw thrown;
  }
}

const unusable = (file: string, reason: string) =>
  fail('storage.failed', `${file} ${reason}`, {
    mend: `Correct it, or remove it: a new key is made then, and consoles learn of it when the agent starts.`,
  });

/**
 * Reads a key of age's own format (X25519), and makes one where there is no file.
 *
 * Errors: `storage.failed` when the file cannot be read or written, holds no key, or others may read it.
 */
export async function openSealingKey(file: string): Promise<Result<SealingKey>> {
  try {
    const [identity] = identityPattern.exec(await readOrMake(file)) ?? [];
    if (identity === undefined) return unusable(file, 'holds no key');
    if (((await stat(file)).mode & 0o077) !== 0) return unusable(file, 'holds a secret and others may read it');
    return ok(await keyOf(identity));
  } catch (thrown) {
    return unusable(file, `cannot be used: ${faultFrom(thrown).message}`);
  }
}
