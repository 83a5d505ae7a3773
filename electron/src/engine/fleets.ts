import { createProfileHandlers, type ProfileBook } from '@muster/client/profiles';
import type { LockReason, ProfileHandlers } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import type { WindowEngine } from './open-window-engine.ts';

/** The parts of an engine that fleets need. */
export type FleetEngine = Pick<WindowEngine, 'dispatcher' | 'lock' | 'close'> &
  Partial<Pick<WindowEngine, 'noteStranger'>>;

/** The console of one home, as long as the host lives. */
export interface Fleet {
  readonly home: string;
  readonly engine: FleetEngine;
}

export interface FleetsOptions {
  readonly book: ProfileBook;
  /** The home that the host was started with. */
  readonly firstHome: string;
  readonly openEngine: (home: string, profiles: ProfileHandlers) => Promise<Result<FleetEngine>>;
  /** Lets the person see a fleet: the secret of a session for it, or null where the host has a window of its own for that. */
  readonly show: (fleet: Fleet) => string | null;
}

/**
 * The consoles behind the windows of one host: one for each home that was asked for, each with its own lock. None is closed before the host ends,
 * for it may conduct runs and serve schedules without any window. What goes wrong in one does not touch another.
 */
export class Fleets {
  readonly #options: FleetsOptions;
  readonly #opening = new Map<string, Promise<Result<Fleet>>>();
  readonly #open: Fleet[] = [];

  constructor(options: FleetsOptions) {
    this.#options = options;
  }

  /** The console of a home, which is opened the first time. Faults: those of opening it; it may be tried again. */
  open(home: string): Promise<Result<Fleet>> {
    const known = this.#opening.get(home);
    if (known !== undefined) return known;
    const opening = this.#start(home);
    this.#opening.set(home, opening);
    const forget = () => this.#opening.delete(home);
    opening.then((opened) => opened.ok || forget(), forget);
    return opening;
  }

  /** Locks all that can be. */
  lock(reason: LockReason): void {
    for (const { engine } of this.#open) engine.lock(reason);
  }

  /** Tells all of somebody who called the host and was refused. */
  noteStranger(about: Readonly<Record<string, string | null>>): void {
    for (const { engine } of this.#open) engine.noteStranger?.(about);
  }

  /** Closes all, also when one does not close cleanly; rejects with what that one threw. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#opening.values());
    const closed = await Promise.allSettled(this.#open.map(({ engine }) => engine.close()));
    for (const one of closed) if (one.status === 'rejected') throw one.reason;
  }

  async #start(home: string): Promise<Result<Fleet>> {
    const { book, firstHome, openEngine, show } = this.#options;
    const profiles = createProfileHandlers({
      book,
      home,
      firstHome,
      show: async (other) => {
        const fleet = await this.open(other);
        return fleet.ok ? ok(show(fleet.value)) : fleet;
      },
    });
    const engine = await openEngine(home, profiles);
    if (!engine.ok) return engine;
    const fleet = { home, engine: engine.value };
    this.#open.push(fleet);
    return ok(fleet);
  }
}
