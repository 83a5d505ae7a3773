import { setTimeout as pause } from 'node:timers/promises';
import { readSyncMark } from '../authority/index.ts';

/** How often the mark is looked at while somebody waits, in milliseconds. */
const lookEveryMs = 200;

export interface Admission {
  /**
   * Resolves when a broker has taken over so much of the register, in bytes: whoever is in it is let in from then on. Also when there is no
   * word of it within the patience, when nobody says how far brokers are, and when waiting was given up.
   */
  until(bytes: number): Promise<void>;
  /** Gives up all waiting, also that to come. */
  stop(): void;
}

/**
 * Waits for brokers to know who was certified, so that nobody comes to them too early: an attempt that is refused costs a broker as much as one
 * that is not. Default patience: 8 seconds, less than askers have.
 */
export function createAdmission(register: string, patienceMs = 8_000): Admission {
  let isStopped = false;
  /** Where the mark stood when it was last waited for in vain: whoever writes it has gone, as long as it stands there. */
  let stuckAt: number | undefined;
  let nextLook: Promise<number | undefined> | undefined;

  /** The mark a while later; all who wait look once together. */
  function lookAgain(): Promise<number | undefined> {
    nextLook ??= pause(lookEveryMs).then(() => {
      nextLook = undefined;
      return readSyncMark(register);
    });
    return nextLook;
  }

  return {
    async until(bytes) {
      const isOver = (mark: number | undefined): boolean =>
        isStopped || mark === undefined || mark >= bytes || mark === stuckAt;
      let mark = await readSyncMark(register);
      for (let waitedMs = 0; waitedMs < patienceMs && !isOver(mark); waitedMs += lookEveryMs) mark = await lookAgain();
      if (!isOver(mark)) stuckAt = mark;
    },
    stop() {
      isStopped = true;
    },
  };
}
