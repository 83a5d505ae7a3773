import type { Effects } from '../effects.ts';
import type { Courier } from './courier.ts';
import type { RunLimits } from './limits.ts';
import type { RunBook } from './run-book.ts';
import type { RunRecorder } from './run-recorder.ts';
import type { Sleeper } from './sleeper.ts';

/** How long answers of nodes that were not expected are still taken after the end of a broadcast run, in milliseconds. */
const strangersMs = 10_000;

/** How long answers that waited in the queue of a final run may take to come, in milliseconds. */
const catchUpMs = 1500;

/** What may still come for a final run. */
export interface RunEnd {
  readonly limits: RunLimits;
  /** Until when nodes that were asked may answer. */
  readonly answersUntilMs: number;
  /** Another console took the run to its end: answers wait in the queue, and some may be lost. */
  readonly isTakenOver: boolean;
  /** Nodes may answer that were not expected. */
  readonly hasStrangers: boolean;
}

/** Takes what nodes still answer to a final run. */
export class LateAnswers {
  readonly #book: RunBook;
  readonly #recorder: RunRecorder;
  readonly #courier: Courier;
  readonly #sleeper: Sleeper;
  readonly #clock: Effects['clock'];
  readonly #caughtUp = Promise.withResolvers<undefined>();

  constructor(parts: {
    book: RunBook;
    recorder: RunRecorder;
    courier: Courier;
    sleeper: Sleeper;
    clock: Effects['clock'];
  }) {
    this.#book = parts.book;
    this.#recorder = parts.recorder;
    this.#courier = parts.courier;
    this.#sleeper = parts.sleeper;
    this.#clock = parts.clock;
  }

  /** Resolves when what had come before is taken, or nothing is taken any more. */
  get caughtUp(): Promise<undefined> {
    return this.#caughtUp.promise;
  }

  /** Takes them until none is to come any more, and then deletes the queue. */
  async take(end: RunEnd): Promise<void> {
    try {
      if (this.#courier.isOver()) return;
      if (this.#book.mayGetAnswers) {
        await this.#takeMissing(end);
        if (this.#courier.isOver()) return;
      } else if (this.#courier.isOpen && end.hasStrangers) {
        await this.#takeStrangers(end.limits);
      }
      await this.#courier.end();
    } finally {
      this.#caughtUp.resolve(undefined);
    }
  }

  /** Those of nodes that were asked. */
  async #takeMissing({ limits, answersUntilMs, isTakenOver }: RunEnd): Promise<void> {
    const opened = await this.#courier.open();
    if (!opened.ok || this.#courier.isOver()) return;
    if (isTakenOver) this.#courier.takeOver();
    const caughtUpAtMs = this.#clock() + catchUpMs;
    while (!this.#courier.isOver() && this.#book.mayGetAnswers && this.#clock() < answersUntilMs) {
      this.#courier.passTime(limits);
      if (this.#clock() >= caughtUpAtMs) this.#caughtUp.resolve(undefined);
      await this.#sleep(this.#clock() < caughtUpAtMs ? caughtUpAtMs : answersUntilMs);
    }
    if (!this.#courier.isOver()) this.#recorder.note({ answersUntilMs: null });
  }

  /** Those of nodes that were not expected come within some seconds, or are not worth a queue. */
  async #takeStrangers(limits: RunLimits): Promise<void> {
    const untilMs = this.#clock() + strangersMs;
    while (!this.#courier.isOver() && this.#clock() < untilMs) {
      this.#courier.passTime(limits);
      await this.#sleep(untilMs);
    }
  }

  /** Until something happens, time brings something, or `untilMs`. */
  #sleep(untilMs: number): Promise<void> {
    return this.#sleeper.sleep(Math.min(untilMs, this.#book.quietUntilMs));
  }
}
