import type { Result } from '@muster/protocol/errors';
import type { CallName } from './calls.ts';

/** What the main thread sends: one call, or the wish to close. Arguments are those of the call, as its link checked. */
export type ToWorker =
  | { readonly kind: 'call'; readonly id: number; readonly name: CallName; readonly args: readonly unknown[] }
  | { readonly kind: 'close' };

/** What the worker sends: whether it could open the file, then an answer for each call, and what took long. */
export type FromWorker =
  | { readonly kind: 'opened'; readonly result: Result<null> }
  | { readonly kind: 'answer'; readonly id: number; readonly result: Result<unknown> }
  | { readonly kind: 'slow'; readonly name: CallName; readonly durationMs: number };

export interface WorkerOptions {
  readonly file: string;
  readonly nowMs: number;
  /** Calls that take at least this long, in milliseconds, are reported. */
  readonly slowFromMs: number;
}
