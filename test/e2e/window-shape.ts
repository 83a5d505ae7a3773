import { browser } from '@wdio/globals';

/** Size of the window in CSS pixels, and how many of the screen's make one of them. */
export interface WindowShape {
  readonly width: number;
  readonly height: number;
  readonly zoom: number;
}

export const resizeWindow = ({ width, height, zoom }: WindowShape): Promise<unknown> =>
  browser.sendCommand('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: zoom, mobile: false });

/** Back to the size that the browser's window has. */
export const restoreWindow = (): Promise<unknown> => browser.sendCommand('Emulation.clearDeviceMetricsOverride', {});

/** Has the page believe that its person wants less motion, or has no wish. */
export const preferMotion = (motion: 'reduce' | 'no-preference'): Promise<unknown> =>
  browser.sendCommand('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-reduced-motion', value: motion }] });

/** What still moves in the page. */
export const runningAnimations = (): Promise<string[]> =>
  browser.execute(() =>
    document
      .getAnimations()
      .filter(({ playState }) => playState === 'running')
      .map(({ effect }) => (effect instanceof KeyframeEffect ? (effect.target?.outerHTML.slice(0, 120) ?? '') : '')),
  );

/** How many pixels the page as a whole is wider than its window. */
export const sidewaysScroll = (): Promise<number> =>
  browser.execute(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/**
 * What of the page cannot be reached without making the window wider: controls and texts that are cut off at a side, by the window or by a
 * box that does not scroll sideways. What stands in a box that scrolls is reached, as long as the box itself is; what ends in an ellipsis means to.
 */
export const cutOffAtSides = (): Promise<string[]> =>
  browser.execute(() => {
    const tolerance = 1.5;
    const isControl = (element: Element) =>
      element.matches('button, input, select, textarea, a[href], [role="button"]');
    const hasText = (element: Element) =>
      [...element.childNodes].some(({ nodeType, textContent }) => nodeType === Node.TEXT_NODE && textContent?.trim());
    const isHidden = (element: Element) => element.closest('.visually-hidden, [aria-hidden="true"]') !== null;

    function isCut(element: Element): boolean {
      let { left, right } = element.getBoundingClientRect();
      for (let box = element.parentElement; box !== null && box !== document.body; box = box.parentElement) {
        const { overflowX, textOverflow } = getComputedStyle(box);
        const edges = box.getBoundingClientRect();
        const cuts = left < edges.left - tolerance || right > edges.right + tolerance;
        if (overflowX === 'auto' || overflowX === 'scroll' || (cuts && textOverflow === 'ellipsis'))
          ({ left, right } = edges);
        else if (cuts && (overflowX === 'hidden' || overflowX === 'clip')) return true;
      }
      return left < -tolerance || right > document.documentElement.clientWidth + tolerance;
    }

    return [...document.querySelectorAll('body *')]
      .filter((element) => (isControl(element) || hasText(element)) && element.checkVisibility() && !isHidden(element))
      .filter(isCut)
      .map((element) => {
        const { left, right } = element.getBoundingClientRect();
        return `${Math.round(left)} to ${Math.round(right)}: ${element.outerHTML.slice(0, 160)}`;
      });
  });

/** Boxes that scroll sideways though they are no table, code or field, which may: their content has to be read line by line. */
export const sidewaysBoxes = (): Promise<string[]> =>
  browser.execute(() =>
    [...document.querySelectorAll('body *')]
      .filter((box) => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1 && box.clientWidth > 0)
      .filter((box) => ['auto', 'scroll'].includes(getComputedStyle(box).overflowX))
      .filter((box) => !box.matches('[role="grid"], table, pre, code, textarea, input'))
      .map((box) => `${box.scrollWidth - box.clientWidth} px: ${box.outerHTML.slice(0, 160)}`),
  );

/** Has the page run the way that it would in a language that does. */
export const turnPage = (direction: 'ltr' | 'rtl'): Promise<void> =>
  browser.execute((way) => {
    document.documentElement.dir = way;
  }, direction);

/** Names of nodes, code and lines of filters: how many there are in the page, and those that do not run from left to right. */
export const technicalTexts = (): Promise<{ count: number; turned: string[] }> =>
  browser.execute(() => {
    const roots = [document, ...[...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ?? [])];
    const found = roots.flatMap((root) => [...root.querySelectorAll('.identity, .mono, code, pre, .cm-content')]);
    const turned = found.filter((element) => getComputedStyle(element).direction !== 'ltr');
    return { count: found.length, turned: turned.map(({ outerHTML }) => outerHTML.slice(0, 160)) };
  });

/** How long a movement of a second may last in the page, in seconds. */
export const lengthOfMovement = (): Promise<number> =>
  browser.execute(() => {
    const mover = document.body.appendChild(document.createElement('div'));
    mover.style.transition = 'opacity 1s';
    const { transitionDuration } = getComputedStyle(mover);
    mover.remove();
    return Number.parseFloat(transitionDuration);
  });
