/** Somebody's wish that this command ends: SIGTERM, SIGINT (Ctrl-C) or SIGHUP (the terminal is gone). */
export interface StopRequest {
  readonly signal: AbortSignal;
  /** Resolves when the wish comes. */
  readonly requested: Promise<void>;
}

/** Begins to listen for the wish to stop; from now on signals do not end the process by themselves. */
export function stopRequested(): StopRequest {
  const controller = new AbortController();
  const requested = new Promise<void>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => controller.abort(name));
  return { signal: controller.signal, requested };
}
