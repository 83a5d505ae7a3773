import type { GuardState, GuardStatus, LockReason, StartTimer } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { Clock } from '@muster/runtime/effects';
import { knownPassphrase, type AskPassphrase } from '@muster/runtime/keys';
import type { Engine } from '../engine/engine.ts';
import type { GuardedKeys } from './home-keys.ts';

/** Keeps a passphrase between two starts of the console, where only this person's desktop can read it. */
export interface PassphraseKeeper {
  readonly isAvailable: boolean;
  /** Null when none is kept, or it cannot be read any more. */
  load(): Promise<string | null>;
  keep(passphrase: string): Promise<Result<void>>;
  forget(): Promise<void>;
}

export interface GuardOptions {
  readonly keys: GuardedKeys;
  /** Opens the console, with that passphrase or as configured. */
  readonly openEngine: (passphrase: AskPassphrase | undefined) => Promise<Result<Engine>>;
  readonly clock: Clock;
  readonly startTimer: StartTimer;
  /** Absent where passphrases cannot be kept. */
  readonly keeper?: PassphraseKeeper;
}

/** How often it is looked whether somebody is still there, and whether runs have ended behind the lock, in milliseconds. */
const lookMs = 1000;
/** When a look comes later than this, the computer slept, in milliseconds. */
const sleptMs = 60_000;

/** Faults with which a console starts locked: somebody can do something about them at the window. */
const openable: readonly string[] = ['key.locked', 'key.wrong_passphrase', 'key.agent'];

/**
 * Stands before an engine: it gives it away only while the console is open. When it locks, the engine is gone for everybody at once; it is
 * closed, and the key with it, as soon as it conducts no run any more.
 */
export class Guard {
  readonly #options: GuardOptions;
  readonly #listeners = new Set<(status: GuardStatus) => void>();
  #about: Pick<GuardStatus, 'protection' | 'person'>;
  #engine: Engine | null = null;
  #lock: { readonly reason: LockReason; readonly sinceMs: number } | null;
  #isRemembered = false;
  /** Attempts to unlock that failed since the last that did not. */
  #refused = 0;
  #isReadOnlyWanted = false;
  #touchedMs: number;
  #lookedMs: number;
  #work: Promise<unknown> = Promise.resolve();
  #stopLooking: () => void = () => undefined;
  #isClosed = false;

  private constructor(options: GuardOptions, about: Pick<GuardStatus, 'protection' | 'person'>) {
    this.#options = options;
    this.#about = about;
    const nowMs = options.clock();
    this.#lock = { reason: 'start', sinceMs: nowMs };
    this.#touchedMs = nowMs;
    this.#lookedMs = nowMs;
  }

  /**
   * Opens a console, or leaves it locked when a person has to open its key. Faults: those of opening a console for which nobody at the window can
   * do anything.
   */
  static async open(options: GuardOptions): Promise<Result<Guard>> {
    const about = await options.keys.describe();
    if (!about.ok) return about;
    const guard = new Guard(options, about.value);
    const kept = (await options.keeper?.load()) ?? null;
    guard.#isRemembered = kept !== null;
    let opened = await guard.#open(undefined);
    if (!opened.ok && opened.error.code === 'key.locked' && kept !== null) {
      opened = await guard.#open(kept);
      if (!opened.ok && opened.error.code === 'key.wrong_passphrase') await guard.forget();
    }
    if (!opened.ok && !openable.includes(opened.error.code)) return opened;
    guard.#look();
    return ok(guard);
  }

  /** The engine while the console is open. Fault: `console.locked`. */
  get engine(): Result<Engine> {
    if (this.#lock === null && this.#engine !== null) return ok(this.#engine);
    return fail('console.locked', 'The console is locked');
  }

  get status(): GuardStatus {
    const settings = this.#engine?.configuration.guard;
    const { keeper } = this.#options;
    return {
      ...this.#about,
      lock: this.#lock === null ? null : { ...this.#lock, isConducting: this.#engine?.isConducting ?? false },
      isReadOnly: this.#engine?.readOnly.isOn ?? this.#isReadOnlyWanted,
      typeAbove: settings?.typeAbove ?? null,
      lockAfterMs: this.#about.protection === 'none' ? null : (settings?.lockAfterMs ?? null),
      remembering: keeper?.isAvailable !== true ? 'impossible' : this.#isRemembered ? 'yes' : 'no',
    };
  }

  /** Calls `listener` on each change, not at once. */
  onStatus(listener: (status: GuardStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** All that may be told, as the files have it now: a key may have been protected meanwhile. */
  async state(): Promise<Result<GuardState>> {
    const about = await this.#options.keys.describe();
    if (!about.ok) return about;
    this.#about = about.value;
    const certificates = await this.#options.keys.certificates();
    return certificates.ok ? ok({ ...this.status, certificates: [...certificates.value] }) : certificates;
  }

  /** Fault: `usage.invalid` when the key is not protected, so that a lock would keep nobody out. */
  lock(reason: LockReason): Result<void> {
    if (this.#about.protection === 'none') {
      return fail('usage.invalid', 'The key of this console is not protected, so that nothing could unlock it', {
        mend: 'Run: muster keys protect',
      });
    }
    if (this.#lock !== null || this.#isClosed) return ok(undefined);
    this.#lock = { reason, sinceMs: this.#options.clock() };
    this.#engine?.rest(true);
    this.#tell();
    void this.#engine?.audit.note('lock', { reason });
    void this.#queue(() => this.#putAway());
    return ok(undefined);
  }

  /** One attempt after the other. Faults: see `guard.unlock` of the window's contract. */
  unlock(passphrase: string | undefined, remember: boolean): Promise<Result<void>> {
    return this.#queue(async () => {
      if (this.#lock === null) return ok(undefined);
      const opened = await this.#openAgain(passphrase);
      if (!opened.ok) {
        this.#refused++;
        return opened;
      }
      const { keeper } = this.#options;
      if (!remember || passphrase === undefined || keeper?.isAvailable !== true) return ok(undefined);
      const kept = await keeper.keep(passphrase);
      this.#isRemembered ||= kept.ok;
      this.#tell();
      return kept;
    });
  }

  async forget(): Promise<void> {
    await this.#options.keeper?.forget();
    this.#isRemembered = false;
    this.#tell();
  }

  /** Somebody uses the window. */
  touch(): void {
    this.#touchedMs = this.#options.clock();
  }

  /** Only reads from now on, also when it is unlocked again. */
  turnReadOnly(): void {
    this.#isReadOnlyWanted = true;
    this.#engine?.readOnly.turnOn();
    this.#tell();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopLooking();
    await this.#work;
    await this.#engine?.close();
    this.#engine = null;
  }

  async #open(passphrase: string | undefined): Promise<Result<void>> {
    const opened = await this.#options.openEngine(passphrase === undefined ? undefined : knownPassphrase(passphrase));
    if (!opened.ok) return opened;
    this.#engine = opened.value;
    return this.#enter();
  }

  /** With the engine that still conducts runs, once the passphrase was proven, else with another one. */
  async #openAgain(passphrase: string | undefined): Promise<Result<void>> {
    if (this.#engine === null || this.#about.protection === 'agent') {
      await this.#engine?.close();
      this.#engine = null;
      return this.#open(this.#about.protection === 'agent' ? undefined : (passphrase ?? ''));
    }
    const proven = await this.#options.keys.check(passphrase ?? '');
    return proven.ok ? this.#enter() : proven;
  }

  #enter(): Result<void> {
    if (this.#isReadOnlyWanted) this.#engine?.readOnly.turnOn();
    this.#engine?.rest(false);
    this.#lock = null;
    this.touch();
    this.#lookedMs = this.#options.clock();
    this.#tell();
    if (this.#about.protection !== 'none') {
      // Without the key there was nothing to sign with when somebody guessed.
      void this.#engine?.audit.note('unlock', this.#refused === 0 ? {} : { refusedBefore: this.#refused });
      this.#refused = 0;
    }
    return ok(undefined);
  }

  /** Closes an engine behind the lock that has nothing to conduct. */
  async #putAway(): Promise<void> {
    const engine = this.#engine;
    if (this.#lock === null || engine === null || engine.isConducting) return;
    this.#engine = null;
    await engine.close();
    this.#tell();
  }

  #look(): void {
    this.#stopLooking = this.#options.startTimer(lookMs, () => {
      this.#lookAround();
      if (!this.#isClosed) this.#look();
    });
  }

  #lookAround(): void {
    const nowMs = this.#options.clock();
    const lateMs = nowMs - this.#lookedMs;
    this.#lookedMs = nowMs;
    if (this.#lock !== null) {
      void this.#queue(() => this.#putAway());
      return;
    }
    const { lockAfterMs, protection } = this.status;
    if (protection === 'none') return;
    if (lateMs > sleptMs) this.lock('sleep');
    else if (lockAfterMs !== null && nowMs - this.#touchedMs >= lockAfterMs) this.lock('idle');
  }

  /** Does one thing after the other. */
  #queue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => undefined);
    return done;
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener(this.status);
  }
}
