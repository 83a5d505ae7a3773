/** Time as the window needs it; tests bring their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs once after a delay in milliseconds; returns how to prevent it. */
  after(ms: number, run: () => void): () => void;
  /** Runs again and again with a pause in milliseconds between; returns how to stop it. */
  every(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  every(ms, run) {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
};

/** Resolves after a delay in milliseconds. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => void systemClock.after(ms, resolve));
