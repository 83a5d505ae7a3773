import { setTimeout as pause } from 'node:timers/promises';

/** The result of work that may hang. Throws when it takes longer, and when the signal is raised. */
export async function withinLimit<T>(work: Promise<T>, limitMs: number, signal: AbortSignal, what: string): Promise<T> {
  const done = new AbortController();
  const late = pause(limitMs, undefined, { signal: AbortSignal.any([signal, done.signal]) }).then(() => {
    throw new Error(`${what} did not end within ${limitMs / 1000} s`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}
