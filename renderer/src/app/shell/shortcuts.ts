import { mainPages } from '../main-pages.ts';
import type { Route } from '../router.ts';

/** The page that a shortcut leads to, or what it does on the present one. */
export type Shortcut = Route | 'main-input';

const afterG = new Map(mainPages.map(({ key, fresh }) => [key, fresh]));
/** Control with the number of a page in the sidebar; there are nine digits. */
const withControl = new Map(mainPages.slice(0, 9).map(({ fresh }, position) => [String(position + 1), fresh]));

/** How long the `g` of `g f` waits for its second key, in milliseconds. */
const sequenceMs = 1200;

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly timeStamp: number;
}

/** Reads keys one by one; `isTyping` says that they go into a text. */
export class ShortcutReader {
  #gPressedAt = Number.NEGATIVE_INFINITY;

  read(event: Key, isTyping: boolean): Shortcut | null {
    if (event.ctrlKey || event.metaKey) return event.altKey ? null : (withControl.get(event.key) ?? null);
    if (isTyping || event.altKey) return null;
    const isSecond = event.timeStamp - this.#gPressedAt < sequenceMs;
    this.#gPressedAt = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
    if (event.key === '/') return 'main-input';
    return isSecond ? (afterG.get(event.key) ?? null) : null;
  }
}
