import type { X509Certificate } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { fail, faultFrom, ok, type Fault, type Result } from '@muster/protocol/errors';
import type { Clock } from '../effects/index.ts';
import { readRevocationLists, type RevokedCertificates } from './read-list.ts';

/** Certificates that their authorities took back, as a file says that is looked at again while it is used. */
export interface Revocations {
  /** Looks at the file, unless that was done just now. What cannot be read any more stands as it was. Never throws. */
  refresh(): Promise<void>;
  /** Whether a certificate was taken back, by its `revocationKey`, as of the last look. */
  has(key: string): boolean;
  /** Has a listener told once of each state of the file that cannot be used, and of a list that is out of date. */
  onFault(listener: (fault: Fault) => void): void;
}

export interface RevocationsOptions {
  readonly file: string;
  readonly authorities: readonly X509Certificate[];
  readonly clock: Clock;
}

/** Largest file, in bytes: room for several hundred thousand certificates. */
const mostBytes = 32 * 1024 * 1024;

/** How often the file is looked at while it is used, in milliseconds. */
const lookEveryMs = 1000;

interface FileFound {
  /** Equal stamps, equal file. */
  readonly stamp: string;
  /** Its text; undefined when the stamp is the one that was known. */
  readonly text?: Result<string>;
}

async function readUnless(known: string | undefined, file: string): Promise<FileFound> {
  const unreadable = (why: string): FileFound => ({
    stamp: why,
    ...(why === known ? {} : { text: fail('revocations.unreadable', `${file} cannot be read: ${why}`) }),
  });
  try {
    // A named pipe without a writer would keep an ordinary open waiting.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat({ bigint: true });
      const stamp = [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(':');
      if (stamp === known) return { stamp };
      if (!stats.isFile()) return unreadable('it is not a file');
      if (stats.size > BigInt(mostBytes)) return unreadable(`it is longer than ${mostBytes} bytes`);
      return { stamp, text: ok(await handle.readFile('utf8')) };
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    return unreadable(faultFrom(thrown).message);
  }
}

class WatchedRevocations implements Revocations {
  readonly #options: RevocationsOptions;
  #found: RevokedCertificates = { revoked: new Map(), nextUpdateMs: null };
  #stamp: string | undefined;
  #lookedAt = -Infinity;
  #looking: Promise<void> | null = null;
  #saidStale = false;
  #tell: (fault: Fault) => void = () => undefined;

  constructor(options: RevocationsOptions) {
    this.#options = options;
  }

  async refresh(): Promise<void> {
    if (performance.now() - this.#lookedAt < lookEveryMs) return;
    // Many messages come at once; one look is enough for all.
    await (this.#looking ??= this.#lookAgain().finally(() => (this.#looking = null)));
  }

  has(key: string): boolean {
    return this.#found.revoked.has(key);
  }

  onFault(listener: (fault: Fault) => void): void {
    this.#tell = listener;
    this.#saidStale = false;
  }

  /** Reads the file if it has changed. */
  async look(): Promise<Result<void>> {
    const { file, authorities } = this.#options;
    const { stamp, text } = await readUnless(this.#stamp, file);
    this.#stamp = stamp;
    this.#lookedAt = performance.now();
    if (text !== undefined) {
      const found = text.ok ? await readRevocationLists(text.value, authorities) : text;
      if (!found.ok) return found;
      this.#found = found.value;
      this.#saidStale = false;
    }
    this.#checkAge();
    return ok(undefined);
  }

  async #lookAgain(): Promise<void> {
    const looked = await this.look();
    if (!looked.ok) this.#tell(looked.error);
  }

  #checkAge(): void {
    const { file, clock } = this.#options;
    const { nextUpdateMs } = this.#found;
    if (nextUpdateMs === null || clock() <= nextUpdateMs || this.#saidStale) return;
    this.#saidStale = true;
    const since = new Date(nextUpdateMs).toISOString();
    this.#tell({
      code: 'revocations.stale',
      message: `${file} should have been renewed by ${since}; it is used all the same`,
    });
  }
}

/**
 * Reads a file of lists and goes on looking at it, at most once a second and only while it is asked.
 *
 * Errors: `revocations.unreadable` when it cannot be read, is no list, or none of the authorities signed it.
 */
export async function openRevocations(options: RevocationsOptions): Promise<Result<Revocations>> {
  const revocations = new WatchedRevocations(options);
  const looked = await revocations.look();
  return looked.ok ? ok(revocations) : looked;
}
