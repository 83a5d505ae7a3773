/** Thrown when something did not end within its time limit. */
export class TimeLimitError extends Error {
  readonly limitMs: number;

  constructor(limitMs: number) {
    super(`not done within ${limitMs / 1000} seconds`);
    this.name = 'TimeLimitError';
    this.limitMs = limitMs;
  }
}

const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error('stopped', { cause: signal.reason });

/**
 * Runs a task for at most `limitMs`, or until `stop` is aborted. The task learns of both by its signal; whether it heeds
 * it or not, nobody waits any longer. Throws {@link TimeLimitError} or the reason of `stop`.
 */
export async function withinLimit<T>(
  limitMs: number,
  stop: AbortSignal | undefined,
  task: (signal: AbortSignal) => T | Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const cancelled = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(reasonOf(signal));
    });
  });
  const onStop = (): void => {
    controller.abort(stop?.reason);
  };
  const timer = setTimeout(() => {
    controller.abort(new TimeLimitError(limitMs));
  }, limitMs);
  stop?.addEventListener('abort', onStop);
  if (stop?.aborted === true) onStop();
  try {
    return await Promise.race([cancelled, (async () => task(signal))()]);
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener('abort', onStop);
  }
}
