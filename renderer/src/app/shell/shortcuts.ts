import type { MainView } from '../router.ts';

/** Where a shortcut leads. */
export type Shortcut = MainView | 'main-input';

const afterG: Readonly<Record<string, Shortcut>> = {
  f: 'fleet',
  r: 'compose',
  h: 'history',
  p: 'puppet',
  c: 'catalogue',
  s: 'security',
};
const withControl: Readonly<Record<string, Shortcut>> = {
  '1': 'fleet',
  '2': 'compose',
  '3': 'history',
  '4': 'puppet',
  '5': 'catalogue',
  '6': 'security',
};

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
    if (event.ctrlKey || event.metaKey) return event.altKey ? null : (withControl[event.key] ?? null);
    if (isTyping || event.altKey) return null;
    const isSecond = event.timeStamp - this.#gPressedAt < sequenceMs;
    this.#gPressedAt = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
    if (event.key === '/') return 'main-input';
    return isSecond ? (afterG[event.key] ?? null) : null;
  }
}
