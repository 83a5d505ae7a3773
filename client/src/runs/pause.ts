import type { StartTimer } from '@muster/protocol/bridge';

/** Waits for `ms`, or until `signal` is aborted; false when it was. */
export function pause(startTimer: StartTimer, ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = () => {
      stopTimer();
      signal.removeEventListener('abort', finish);
      resolve(!signal.aborted);
    };
    const stopTimer = startTimer(ms, finish);
    signal.addEventListener('abort', finish, { once: true });
    if (signal.aborted) finish();
  });
}
