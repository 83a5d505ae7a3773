/** Lets a bounded number of tasks run at once; the others wait in the order they came. */
export interface Gate {
  run<T>(task: () => Promise<T>): Promise<T>;
}

export function createGate(width: number): Gate {
  let running = 0;
  const waiting: (() => void)[] = [];

  return {
    async run(task) {
      if (running < width) running++;
      // Whoever leaves hands its place over, so the count stays.
      else await new Promise<void>((enter) => waiting.push(enter));
      try {
        return await task();
      } finally {
        const next = waiting.shift();
        if (next === undefined) running--;
        else next();
      }
    },
  };
}
