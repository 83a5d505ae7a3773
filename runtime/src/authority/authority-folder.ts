import { X509Certificate } from 'node:crypto';
import { chmod, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { fingerprintOf, keyFingerprintOf, serialText } from '../crypto/index.ts';
import type { Clock } from '../effects/index.ts';
import { lockFolder, type FolderLock, isThere } from '../files/index.ts';
import {
  certify,
  createAuthority,
  createRevocationList,
  loadAuthority,
  type Authority,
  type CertificateRequest,
  type RevocationReason,
  type SigningRequest,
} from '../pki/index.ts';
import type { RegisterLine } from './register-lines.ts';
import { Register, type IssuedRecord } from './register.ts';

/** For whom a certificate is, with which key, and how it came to it. */
export interface IssueOrder extends CertificateRequest {
  readonly publicKey: SigningRequest['publicKey'];
  readonly reason?: Pick<IssuedRecord, 'invitation' | 'approvedBy' | 'renews'>;
}

/** An authority in a folder that this process alone works in until it is closed. */
export interface AuthorityFolder {
  readonly certificatePem: string;
  /** Everything it issued since it was made, oldest first. */
  readonly issued: readonly IssuedRecord[];
  /** What is on record; only this authority writes to it. */
  readonly register: Pick<Register, 'issuedTo' | 'bySerial' | 'enrolments' | 'bytes'>;
  /** The certificate in PEM. It is in the register before it is given. */
  issue(order: IssueOrder): Promise<Result<string>>;
  /**
   * Takes certificates back, by serial number or by the name of their holder (all of that name), and writes the list anew. Gives those
   * that were taken back now.
   *
   * Errors: `authority.unknown_certificate`, `storage.failed`.
   */
  revoke(which: string, reason: RevocationReason): Promise<Result<readonly IssuedRecord[]>>;
  /** Takes back these certificates, and writes the list anew. Errors: `storage.failed`. */
  revokeAll(records: readonly IssuedRecord[], reason: RevocationReason): Promise<Result<void>>;
  /** Puts an invitation, a request or its rejection on record. Errors: `storage.failed`. */
  note(line: EnrolmentLine): Promise<Result<void>>;
  /** Writes the list of what was taken back, `crl.pem`, with a promise to write it again within so many days. */
  writeList(validDays: number): Promise<Result<{ readonly file: string; readonly number: number }>>;
  close(): Promise<void>;
}

/** A line about enrolment; when it was written is added. */
export type EnrolmentLine = DistributiveOmit<
  Extract<RegisterLine, { kind: 'invited' | 'requested' | 'rejected' }>,
  'at'
>;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

const names = { certificate: 'ca.pem', key: 'ca.key', register: 'register.jsonl', list: 'crl.pem' } as const;

const defaultListDays = 30;

const mend = {
  inUse: 'Wait until the other command has ended.',
  unusable: 'Correct the rights of that folder: it is for its owner alone.',
};

async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  await writeFile(`${path}.new`, text, { mode });
  await rename(`${path}.new`, path);
}

const iso = (clock: Clock): string => new Date(clock()).toISOString();

class OpenFolder implements AuthorityFolder {
  readonly #folder: string;
  readonly #authority: Authority;
  readonly #register: Register;
  readonly #clock: Clock;
  readonly close: () => Promise<void>;

  constructor(
    folder: string,
    parts: {
      readonly authority: Authority;
      readonly register: Register;
      readonly clock: Clock;
      readonly release: () => Promise<void>;
    },
  ) {
    this.#folder = folder;
    this.#authority = parts.authority;
    this.#register = parts.register;
    this.#clock = parts.clock;
    this.close = parts.release;
  }

  get certificatePem(): string {
    return this.#authority.certificatePem;
  }

  get issued(): readonly IssuedRecord[] {
    return this.#register.issued;
  }

  get register(): AuthorityFolder['register'] {
    return this.#register;
  }

  issue({ publicKey, reason, ...request }: IssueOrder): Promise<Result<string>> {
    return this.#stored(async () => {
      // Who renews a certificate counts where it did before.
      const before = reason?.renews === undefined ? undefined : this.#register.bySerial(reason.renews)?.collectives;
      const collectives = request.collectives ?? before ?? [];
      const pem = await certify(this.#authority, publicKey, { ...request, collectives });
      const certificate = new X509Certificate(pem);
      await this.#register.add({
        kind: 'issued',
        serial: serialText(certificate.serialNumber),
        role: request.role,
        name: request.name,
        fingerprint: fingerprintOf(certificate),
        notBefore: certificate.validFromDate.toISOString(),
        notAfter: certificate.validToDate.toISOString(),
        at: iso(this.#clock),
        key: keyFingerprintOf(certificate.publicKey),
        certificate: pem,
        ...(collectives.length === 0 ? {} : { collectives: [...collectives] }),
        ...reason,
      });
      return pem;
    });
  }

  async revoke(which: string, reason: RevocationReason): Promise<Result<readonly IssuedRecord[]>> {
    const serial = serialText(which.replaceAll(':', ''));
    const meant = this.issued.filter((record) => record.serial === serial || record.name === which);
    if (meant.length === 0) {
      return fail('authority.unknown_certificate', `The authority issued no certificate "${which}"`, {
        mend: 'See muster ca list for names and serial numbers.',
      });
    }
    const standing = meant.filter(({ revoked }) => revoked === null);
    const taken = await this.revokeAll(standing, reason);
    return taken.ok ? ok(standing) : taken;
  }

  async revokeAll(records: readonly IssuedRecord[], reason: RevocationReason): Promise<Result<void>> {
    const taken = await this.#stored(async () => {
      for (const { serial } of records) {
        await this.#register.add({ kind: 'revoked', serial, reason, at: iso(this.#clock) });
      }
    });
    if (!taken.ok) return taken;
    const written = await this.writeList(defaultListDays);
    return written.ok ? taken : written;
  }

  note(line: EnrolmentLine): Promise<Result<void>> {
    return this.#stored(() => this.#register.add({ ...line, at: iso(this.#clock) }));
  }

  writeList(validDays: number): Promise<Result<{ readonly file: string; readonly number: number }>> {
    return this.#stored(async () => {
      const number = this.#register.listNumber + 1;
      const revoked = this.issued.flatMap(({ serial, revoked }) =>
        revoked === null ? [] : [{ serial, atMs: Date.parse(revoked.at), reason: revoked.reason }],
      );
      const pem = await createRevocationList(this.#authority, { revoked, number, validDays });
      await this.#register.add({ kind: 'listed', number, at: iso(this.#clock) });
      const file = join(this.#folder, names.list);
      await writeWhole(file, pem, 0o644);
      return { file, number };
    });
  }

  async #stored<T>(work: () => Promise<T>): Promise<Result<T>> {
    try {
      return ok(await work());
    } catch (thrown) {
      return fail('storage.failed', `${this.#folder} cannot be written: ${faultFrom(thrown).message}`);
    }
  }
}

/**
 * Makes a folder for its owner alone with a new authority in it: certificate `ca.pem`, key `ca.key`, and an empty list `crl.pem`.
 *
 * Errors: `authority.exists`, `home.in_use`, `storage.failed`.
 */
export async function makeAuthority(
  folder: string,
  { name, clock }: { readonly name: string; readonly clock: Clock },
): Promise<Result<void>> {
  const lock = await lockFolder(folder, mend);
  if (!lock.ok) return lock;
  try {
    if ((await isThere(join(folder, names.certificate))) || (await isThere(join(folder, names.key)))) {
      return fail('authority.exists', `There is an authority in ${folder}`, {
        mend: 'Choose another folder: all certificates of an authority are lost with it.',
      });
    }
    await chmod(folder, 0o700);
    const made = await createAuthority({ name, clock });
    await writeWhole(join(folder, names.key), made.keyPem, 0o600);
    await writeWhole(join(folder, names.certificate), made.certificatePem, 0o644);
  } catch (thrown) {
    return fail('storage.failed', `${folder} cannot be written: ${faultFrom(thrown).message}`);
  } finally {
    await lock.value.release();
  }
  const opened = await openAuthority(folder, clock);
  if (!opened.ok) return opened;
  const listed = await opened.value.writeList(defaultListDays);
  await opened.value.close();
  return listed.ok ? ok(undefined) : listed;
}

/** An authority with its key, and what is on record, as they were read from a folder. */
interface Contents {
  readonly authority: Authority;
  readonly register: Register;
}

async function read(folder: string, clock: Clock): Promise<Result<Contents>> {
  const keyFile = join(folder, names.key);
  const keyPem = await readFile(keyFile, 'utf8');
  if (((await stat(keyFile)).mode & 0o077) !== 0) {
    return fail('config.invalid', `${keyFile} holds a secret and others may read it`, {
      mend: `Run: chmod 600 "${keyFile}"`,
    });
  }
  const certificatePem = await readFile(join(folder, names.certificate), 'utf8');
  const register = await Register.open(join(folder, names.register));
  if (!register.ok) return register;
  const authority = await loadAuthority({ certificatePem, keyPem, clock });
  return ok({ authority, register: register.value });
}

/** How long is waited between two looks at a folder in which another process works, in milliseconds. */
const lookAgainMs = 20;

async function lockWithin(folder: string, patienceMs: number): Promise<Result<FolderLock>> {
  const untilMs = performance.now() + patienceMs;
  for (;;) {
    const lock = await lockFolder(folder, mend);
    if (lock.ok || lock.error.code !== 'home.in_use' || performance.now() >= untilMs) return lock;
    await pause(lookAgainMs);
  }
}

export interface OpenOptions {
  /** How long another process that works in the folder is waited for, in milliseconds; not at all when absent. */
  readonly patienceMs?: number;
}

/**
 * Opens the authority in a folder, for this process alone.
 *
 * Errors: `authority.missing` when there is none, or it cannot be read; `authority.damaged`; `config.invalid` when others may read
 * its key; `home.in_use`.
 */
export async function openAuthority(
  folder: string,
  clock: Clock,
  { patienceMs = 0 }: OpenOptions = {},
): Promise<Result<AuthorityFolder>> {
  const shared = shareAuthority(folder, clock, { patienceMs });
  return shared.open();
}

/** An authority that several processes work with, one after the other; what the others did is seen each time. */
export interface SharedAuthority {
  /** Opens it for this process alone, soon to be closed. Errors: as {@link openAuthority}. */
  open(): Promise<Result<AuthorityFolder>>;
}

/** An authority in a folder, which is left to other processes in between. Its key is read once. */
export function shareAuthority(folder: string, clock: Clock, { patienceMs = 0 }: OpenOptions = {}): SharedAuthority {
  let known: Contents | undefined;

  async function current(): Promise<Result<Contents>> {
    if (known === undefined) {
      const contents = await read(folder, clock);
      if (contents.ok) known = contents.value;
      return contents;
    }
    const refreshed = await known.register.refresh();
    return refreshed.ok ? ok(known) : refreshed;
  }

  return {
    async open() {
      if (!(await isThere(join(folder, names.certificate)))) {
        return fail('authority.missing', `There is no authority in ${folder}`, {
          mend: 'Make one: muster ca init FOLDER',
        });
      }
      const lock = await lockWithin(folder, patienceMs);
      if (!lock.ok) return lock;
      const release = () => lock.value.release();
      try {
        const contents = await current();
        if (contents.ok) return ok(new OpenFolder(folder, { ...contents.value, clock, release }));
        await release();
        return contents;
      } catch (thrown) {
        await release();
        return fail('authority.missing', `The authority in ${folder} cannot be used: ${faultFrom(thrown).message}`);
      }
    },
  };
}
