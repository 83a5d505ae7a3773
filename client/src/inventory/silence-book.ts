/** How long a node is left alone after it did not answer for the first time, in milliseconds; each further time twice as long. */
export const firstPauseMs = 60_000;

/** The longest that a node is left alone, in milliseconds. */
export const longestPauseMs = 3_600_000;

/**
 * Nodes that register and yet do not answer: each is asked less and less often, so that they do not hold up the others. It is
 * asked again when it registers after its pause, or when a person asks for a refresh.
 */
export class SilenceBook {
  readonly #silent = new Map<string, { readonly times: number; readonly untilMs: number }>();

  /** Whether a node may be asked now. */
  mayAsk(identity: string, nowMs: number): boolean {
    const silence = this.#silent.get(identity);
    return silence === undefined || silence.untilMs <= nowMs;
  }

  noteSilence(identity: string, nowMs: number): void {
    const times = (this.#silent.get(identity)?.times ?? 0) + 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (times - 1));
    this.#silent.set(identity, { times, untilMs: nowMs + pauseMs });
  }

  noteAnswer(identity: string): void {
    this.#silent.delete(identity);
  }

  /** Lets every node be asked again. */
  forgive(): void {
    this.#silent.clear();
  }
}
