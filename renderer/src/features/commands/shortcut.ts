/**
 * A shortcut is one stroke, or two in a sequence with a blank between: `mod+k`, `g f`, `?`. `mod` is Control, and Command on a Mac. A stroke is the
 * character that the keys write, so that `?` needs no word of Shift; Shift is told only beside keys that write nothing.
 */
export type Shortcut = string;

/** What a shortcut has to know of a key that was pressed. */
export interface Stroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** How long the first stroke of a sequence waits for the second, in milliseconds. */
export const sequenceMs = 1200;

const modifiers = new Set([
  'Control',
  'Shift',
  'Alt',
  'Meta',
  'AltGraph',
  'CapsLock',
  'Dead',
  'Process',
  'Unidentified',
]);

/** A stroke as shortcuts write it; null for a modifier alone. */
export function strokeOf(event: Stroke, isMac: boolean): string | null {
  if (modifiers.has(event.key)) return null;
  const writes = /^[^ ]$/u.test(event.key);
  const key = event.key === ' ' ? 'Space' : event.key;
  const isMod = isMac ? event.metaKey : event.ctrlKey;
  const isOther = isMac ? event.ctrlKey : event.metaKey;
  const parts = [
    isMod && 'mod',
    isOther && (isMac ? 'ctrl' : 'meta'),
    event.altKey && 'alt',
    event.shiftKey && (!writes || isMod || event.altKey) && 'shift',
    isMod || event.altKey ? key.toLowerCase() : key,
  ];
  return parts.filter((part) => part !== false).join('+');
}

/** Whether a stroke counts while somebody types: one that writes nothing. */
export const worksInTexts = (stroke: string): boolean => /^(?:mod|ctrl|meta)\+/.test(stroke);

/** What the browser, the desktop or the window's own controls need: nobody may take it away from them. */
const reserved = new Set(['Tab', 'shift+Tab', 'Enter', 'Escape', 'Space', 'mod+c', 'mod+v', 'mod+x', 'mod+a', 'mod+z']);
export const isReserved = (shortcut: Shortcut): boolean =>
  shortcut.split(' ').some((stroke) => reserved.has(stroke) || /^(?:shift\+)?(?:Arrow|Page|Home$|End$)/.test(stroke));

/** Whether somebody who presses one may get the other: they are the same, or one begins the other. */
export const collide = (one: Shortcut, other: Shortcut): boolean =>
  one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `);

const signs: Readonly<Record<string, string>> = {
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
};

/** The keys of a shortcut as they are labelled on a keyboard: strokes, each a list of keys. */
export function keyCaps(shortcut: Shortcut, isMac: boolean): readonly (readonly string[])[] {
  const caps: Readonly<Record<string, string>> = isMac
    ? { mod: '⌘', ctrl: '⌃', alt: '⌥', shift: '⇧' }
    : { mod: 'Ctrl', meta: 'Meta', alt: 'Alt', shift: 'Shift' };
  const capOf = (part: string, isAlone: boolean) =>
    caps[part] ?? signs[part.toLowerCase()] ?? (isAlone || part.length > 1 ? part : part.toUpperCase());
  return shortcut.split(' ').map((stroke) => {
    // A plus sign that is the key itself leaves two empty parts.
    const parts = stroke === '+' ? ['+'] : stroke.replace(/\+\+$/, '+plus').split('+');
    return parts.map((part) => (part === 'plus' ? '+' : capOf(part, parts.length === 1)));
  });
}

/** A shortcut as screen readers are told of it, `aria-keyshortcuts`: `Control+K`, `g f`. */
export const ariaShortcut = (shortcut: Shortcut, isMac: boolean): string =>
  shortcut
    .replaceAll('mod+', isMac ? 'Meta+' : 'Control+')
    .replaceAll('alt+', 'Alt+')
    .replaceAll('shift+', 'Shift+');

/** Whether this is a Mac, whose keyboards have another key for commands. */
export const isMacLike = (navigator: { readonly platform: string }): boolean => /^(?:Mac|iP)/.test(navigator.platform);
