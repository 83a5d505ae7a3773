import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';

/** Debian's `libfaketime`: calls for the time of day are answered by it, those for time passed are left alone. */
const library = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketimeMT.so.1`;

/** A clock of one process that can be stepped while the process runs. */
export interface FalseClock {
  /** What the process must be started with. */
  readonly env: Readonly<Record<string, string>>;
  /** From now on it is that many seconds ahead of the machine's; the process notices within a second. */
  set(aheadSeconds: number): Promise<void>;
}

/** Makes a clock that is right until it is set. `file` says how far it is ahead. */
export async function createFalseClock(file: string): Promise<FalseClock> {
  if (!existsSync(library)) throw new Error(`There is no ${library}. Install it: apt-get install libfaketime`);
  const set = (aheadSeconds: number) => writeFile(file, `${aheadSeconds < 0 ? '' : '+'}${aheadSeconds}\n`);
  await set(0);
  return {
    set,
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_RESET: '1',
    },
  };
}
