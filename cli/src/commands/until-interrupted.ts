/** Resolves once the person wants the command to end. */
export const untilInterrupted = (interrupted: AbortSignal): Promise<void> =>
  interrupted.aborted
    ? Promise.resolve()
    : new Promise((resolve) => interrupted.addEventListener('abort', () => resolve(), { once: true }));
