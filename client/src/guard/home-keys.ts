import type { CertificateState, GuardStatus } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import { knownPassphrase, openKeyFile } from '@muster/runtime/keys';
import { findTrustFiles } from '../configuration/index.ts';
import { isOwnKeyProtected, readOwnCertificates } from '../keys/index.ts';

/** What a guard knows of the keys that it guards. */
export interface GuardedKeys {
  /** What opens the key, and whose it is. Errors: those of the configuration. */
  describe(): Promise<Result<Pick<GuardStatus, 'protection' | 'person'>>>;
  certificates(): Promise<Result<readonly CertificateState[]>>;
  /** Whether a passphrase opens the key. Errors: `key.wrong_passphrase`, those of reading the key. */
  check(passphrase: string): Promise<Result<void>>;
}

/** The keys that a home's configuration names, as its files have them now. */
export const homeKeys = (home: string): GuardedKeys => ({
  async describe() {
    const found = await findTrustFiles(home);
    if (!found.ok) return found;
    const { person, key } = found.value;
    if (key === null) return ok({ person, protection: 'agent' });
    const isProtected = await isOwnKeyProtected(home);
    return isProtected.ok ? ok({ person, protection: isProtected.value ? 'passphrase' : 'none' }) : isProtected;
  },
  certificates: () => readOwnCertificates(home),
  async check(passphrase) {
    const found = await findTrustFiles(home);
    if (!found.ok) return found;
    if (found.value.key === null) return ok(undefined);
    const opened = await openKeyFile(found.value.key, knownPassphrase(passphrase));
    return opened.ok ? ok(undefined) : opened;
  },
});
