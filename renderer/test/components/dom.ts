import { cleanup } from '@testing-library/svelte';
import { afterEach } from 'vitest';

/* What jsdom has no notion of, for it lays nothing out: every element is as large as a small window. */

/** Pixels, of everything that is asked for its size. */
const size = { width: 1000, height: 600 };

class StillObserver implements ResizeObserver {
  observe(): void {
    // Nothing changes its size here.
  }
  unobserve(): void {
    // As above.
  }
  disconnect(): void {
    // As above.
  }
}

globalThis.ResizeObserver = StillObserver;
Element.prototype.scrollIntoView = () => undefined;
Element.prototype.scrollTo = () => undefined;
HTMLElement.prototype.showPopover = () => undefined;
for (const [name, pixels] of [
  ['offsetWidth', size.width],
  ['offsetHeight', size.height],
  ['clientHeight', size.height],
] as const) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => pixels });
}

afterEach(() => cleanup());
