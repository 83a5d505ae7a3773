/** How long a broker that is connected may take to answer, in milliseconds: one without a majority of its cluster may never do. */
export const usualAnswerMs = 30_000;

/** Waits for the broker, but not for ever. Calls `giveUp` when it does not answer in time, and rejects. */
export async function answered<T>(work: Promise<T>, answerMs: number, giveUp: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      giveUp();
      reject(new Error(`The broker did not answer for ${answerMs} ms`));
    }, answerMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
