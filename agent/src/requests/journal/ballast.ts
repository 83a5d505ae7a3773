import { randomBytes } from 'node:crypto';
import type { Clock } from '@muster/runtime/effects';
import type { JournalFiles } from './journal-files.ts';

/** Space that is taken while there is plenty and given up when the disk is full, so that the last records still fit. */
export interface Ballast {
  /** Takes the space, if it is not taken and was not tried within the last minute. What fails is tried again later. */
  take(): Promise<void>;
  /** Gives it up. False when there was nothing to give. */
  giveUp(): Promise<boolean>;
}

const againAfterMs = 60_000;

export function createBallast(options: {
  readonly file: string;
  readonly sizeBytes: number;
  readonly files: JournalFiles;
  readonly clock: Clock;
}): Ballast {
  const { file, sizeBytes, files, clock } = options;
  /** Unknown at first: an earlier process may have taken it. */
  let isTaken: boolean | undefined;
  let triedAtMs = -Infinity;

  return {
    async take() {
      const nowMs = clock();
      isTaken ??= (await files.read(file).catch(() => undefined))?.length === sizeBytes;
      if (isTaken || (nowMs >= triedAtMs && nowMs - triedAtMs < againAfterMs)) return;
      triedAtMs = nowMs;
      try {
        const taken = await files.create(file);
        try {
          // Random, since some file systems make next to nothing of zeros.
          await taken.write(randomBytes(sizeBytes), 0);
          await taken.sync();
        } finally {
          await taken.close();
        }
        isTaken = true;
      } catch {
        await files.remove(file).catch(() => undefined);
      }
    },
    async giveUp() {
      if (isTaken === false) return false;
      isTaken = false;
      triedAtMs = clock();
      await files.remove(file).catch(() => undefined);
      return true;
    },
  };
}
