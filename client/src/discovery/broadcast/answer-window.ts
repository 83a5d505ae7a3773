import type { Effects } from '../../effects.ts';

/** How long it stays quiet, once all expected nodes have answered, before discovery ends: time for nodes that nobody expects. In milliseconds. */
export const quietMs = 250;

/** The shortest silence that counts as the end of the answers where it is not known who is missing, in milliseconds. */
export const dryMs = 300;

/** The part of its window that discovery stays open when nobody says that all have answered. */
export const leastShare = 0.5;

export interface WindowOptions {
  /** The most that discovery takes, in milliseconds. */
  readonly windowMs: number;
  /** Whether it may end early because answers dry up. */
  readonly slides: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Tells when to stop listening: at the end of the window; when told so; {@link quietMs} after the last answer once all
 * expected nodes have answered; or, where it slides, when answers have dried up: after a silence of {@link dryMs}, and at
 * least as long as the longest so far, but never before half of the window.
 */
export class AnswerWindow {
  readonly ended: Promise<void>;
  readonly #effects: Pick<Effects, 'startTimer' | 'clock'>;
  readonly #options: WindowOptions;
  readonly #startedAtMs: number;
  readonly #end: () => void;
  readonly #stopWindow: () => void;
  #stopEarly: () => void = () => undefined;
  #lastAtMs: number;
  #longestMs = 0;

  constructor(effects: Pick<Effects, 'startTimer' | 'clock'>, options: WindowOptions) {
    this.#effects = effects;
    this.#options = options;
    this.#startedAtMs = effects.clock();
    this.#lastAtMs = this.#startedAtMs;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.ended = promise;
    this.#end = () => resolve(undefined);
    this.#stopWindow = effects.startTimer(options.windowMs, this.#end);
    options.signal?.addEventListener('abort', this.#end, { once: true });
    if (options.signal?.aborted === true) this.#end();
  }

  /** An answer came in; `complete` when no expected node is silent any more. */
  heard(complete: boolean): void {
    const nowMs = this.#effects.clock();
    this.#longestMs = Math.max(this.#longestMs, nowMs - this.#lastAtMs);
    this.#lastAtMs = nowMs;
    if (complete) this.#endAfter(quietMs);
    else if (this.#options.slides) this.#endAfter(Math.max(dryMs, this.#longestMs, this.#leastLeftMs(nowMs)));
  }

  /** Nobody is expected: half of the window will do for those that nobody knows. */
  expectNobody(): void {
    if (this.#options.slides) this.#endAfter(this.#leastLeftMs(this.#startedAtMs));
  }

  close(): void {
    this.#stopWindow();
    this.#stopEarly();
    this.#options.signal?.removeEventListener('abort', this.#end);
  }

  #leastLeftMs(nowMs: number): number {
    return this.#startedAtMs + this.#options.windowMs * leastShare - nowMs;
  }

  #endAfter(ms: number): void {
    this.#stopEarly();
    this.#stopEarly = this.#effects.startTimer(ms, this.#end);
  }
}
