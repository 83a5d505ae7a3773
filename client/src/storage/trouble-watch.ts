import type { Fault, Result } from '@muster/protocol/errors';
import type { Clock } from '@muster/runtime/effects';
import type { Trouble } from './stores/notices.ts';
import type { CallName } from './worker/calls.ts';

/** Calls that always write: one that succeeds shows that there is room again. */
const writers: ReadonlySet<CallName> = new Set(['beat', 'insertRun', 'recordRun', 'recordRunall']);

const isTrouble = ({ code }: Fault): boolean => code === 'storage.full' || code === 'storage.corrupt';

/** Knows from the answers to calls whether the database can be used. */
export class TroubleWatch {
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #trouble: Trouble | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get trouble(): Trouble | null {
    return this.#trouble;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  hear(name: CallName, result: Result<unknown>): void {
    const had = this.#trouble;
    if (!result.ok && isTrouble(result.error)) {
      if (had?.fault.code !== result.error.code) this.#trouble = { fault: result.error, sinceMs: this.#clock() };
    } else if (result.ok && writers.has(name)) this.#trouble = null;
    if (had !== this.#trouble) for (const listener of this.#listeners) listener();
  }
}
