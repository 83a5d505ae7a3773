import type { GuardHandlers, GuardStatus } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { fakeCertificates } from './fake-certificates.ts';

/** A lock with a passphrase, before an engine that is not there. */
export class FakeGuard {
  readonly passphrase = 'correct horse';
  status: GuardStatus = {
    lock: null,
    protection: 'passphrase',
    person: 'alice',
    isReadOnly: false,
    typeAbove: 10,
    lockAfterMs: 900_000,
    remembering: 'no',
  };
  readonly #nowMs: () => number;
  readonly #tell: () => void;

  constructor(nowMs: () => number, tell: () => void) {
    this.#nowMs = nowMs;
    this.#tell = tell;
  }

  admit(name: string): Result<unknown> {
    const isAdmitted = this.status.lock === null || name.startsWith('guard.');
    return isAdmitted ? ok(null) : fail('console.locked', 'The console is locked');
  }

  /** Becomes what it is told to be. */
  become(status: Partial<GuardStatus>): Promise<Result<Record<string, never>>> {
    this.status = { ...this.status, ...status };
    this.#tell();
    return Promise.resolve(ok({}));
  }

  handlers(): GuardHandlers {
    return {
      'guard.state': () => Promise.resolve(ok({ ...this.status, certificates: fakeCertificates(this.#nowMs()) })),
      'guard.lock': () => this.become({ lock: { reason: 'person', sinceMs: this.#nowMs(), isConducting: false } }),
      'guard.unlock': ({ passphrase, remember }) =>
        passphrase === this.passphrase
          ? this.become({ lock: null, ...(remember ? { remembering: 'yes' } : {}) })
          : Promise.resolve(fail('key.wrong_passphrase', 'The passphrase does not open the key')),
      'guard.forget': () => this.become({ remembering: 'no' }),
      'guard.touch': () => this.become({}),
      'guard.readOnly': () => this.become({ isReadOnly: true }),
    };
  }
}
