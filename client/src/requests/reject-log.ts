import type { ErrorCode, Fault } from '@muster/protocol/errors';
import type { Clock } from '@muster/runtime/effects';
import type { Logger } from '@muster/runtime/logging';

const minuteMs = 60_000;

/** Counts messages that were not believed, and logs one of each kind a minute, so that a flood of them harms nobody. */
export class RejectLog {
  readonly #counts = new Map<ErrorCode, number>();
  readonly #loggedAtMs = new Map<ErrorCode, number>();
  readonly #clock: Clock;
  readonly #logger: Logger;

  readonly #onReject: (fault: Fault, about: Readonly<Record<string, unknown>>) => void;

  /** `onReject` is told of each. */
  constructor(
    clock: Clock,
    logger: Logger,
    onReject: (fault: Fault, about: Readonly<Record<string, unknown>>) => void = () => undefined,
  ) {
    this.#clock = clock;
    this.#logger = logger;
    this.#onReject = onReject;
  }

  /** How many of each kind there have been. */
  get counts(): ReadonlyMap<ErrorCode, number> {
    return this.#counts;
  }

  note(fault: Fault, about: Readonly<Record<string, unknown>> = {}): void {
    const count = (this.#counts.get(fault.code) ?? 0) + 1;
    this.#counts.set(fault.code, count);
    this.#onReject(fault, about);
    const nowMs = this.#clock();
    const loggedAtMs = this.#loggedAtMs.get(fault.code);
    if (loggedAtMs !== undefined && nowMs - loggedAtMs < minuteMs) return;
    this.#loggedAtMs.set(fault.code, nowMs);
    this.#logger.warn({ ...about, code: fault.code, count }, `message refused: ${fault.message}`);
  }
}
