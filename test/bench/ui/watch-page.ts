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
    musterCount?: Promise<number>;
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
      ({ timeStamp, key }) => {
        if (key === 'Control') return;
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

/** Has the page note how long the count of the filter takes after the next key. */
export async function watchCount(page: Page): Promise<void> {
  await page.evaluate(() => {
    const count = document.querySelector('[data-testid="filter-count"]');
    let pressedAt = Number.NaN;
    window.addEventListener('keydown', ({ timeStamp }) => (pressedAt = timeStamp), { once: true, capture: true });
    window.musterCount = new Promise((resolve) => {
      new MutationObserver((_changes, observer) => {
        if (Number.isNaN(pressedAt) || count?.getAttribute('data-settled') !== 'true') return;
        observer.disconnect();
        resolve(performance.now() - pressedAt);
      }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-settled'] });
    });
  });
}

/** What {@link watchCount} came to: from the key to the count that is right, in milliseconds. */
export const countSeen = (page: Page): Promise<number> => page.evaluate(() => window.musterCount ?? Number.NaN);

/** Resolves with the time of the page at which something that a selector names was first there, in milliseconds since it was asked for. */
export async function timeUntil(page: Page, selector: string, act: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await act();
  await page.waitForSelector(selector, { timeout: 120_000 });
  return performance.now() - startedAt;
}
