import type { Page } from 'puppeteer-core';

/** What the page itself notes of its pace, in milliseconds. */
export interface Paces {
  /** Between one frame and the next. */
  readonly frames: readonly number[];
  /** From a key to the first frame that could show what it did. */
  readonly keys: readonly number[];
}

declare global {
  interface Window {
    musterPaces?: { frames: number[]; keys: number[] };
  }
}

/** Has the page note its frames and keys from now on. */
export async function watchPaces(page: Page): Promise<void> {
  await page.evaluate(() => {
    const paces: { frames: number[]; keys: number[] } = { frames: [], keys: [] };
    window.musterPaces = paces;
    let last = performance.now();
    const onFrame = (now: number) => {
      paces.frames.push(now - last);
      last = now;
      requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);
    window.addEventListener(
      'keydown',
      ({ timeStamp }) => {
        requestAnimationFrame(() => setTimeout(() => paces.keys.push(performance.now() - timeStamp)));
      },
      { capture: true },
    );
  });
}

/** What was noted since {@link watchPaces}, or since this was asked last. */
export async function takePaces(page: Page): Promise<Paces> {
  return page.evaluate(() => {
    const paces = window.musterPaces ?? { frames: [], keys: [] };
    return { frames: paces.frames.splice(0), keys: paces.keys.splice(0) };
  });
}

/** Resolves with the time of the page at which something that a selector names was first there, in milliseconds since it was asked for. */
export async function timeUntil(page: Page, selector: string, act: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await act();
  await page.waitForSelector(selector, { timeout: 120_000 });
  return performance.now() - startedAt;
}
