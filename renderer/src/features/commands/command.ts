import type { Shortcut } from './shortcut.ts';

/** In which part of the palette and of the sheet a command stands; in this order. */
export const commandGroups = ['here', 'pages', 'window', 'look'] as const;
export type CommandGroup = (typeof commandGroups)[number];

/** Something that a person can do by name, by key or from a menu. */
export interface Command {
  /** Stable: shortcuts are stored under it, and the menu of the desktop names it. */
  readonly id: string;
  readonly title: string;
  readonly group: CommandGroup;
  /** What leads to it as long as a person has not said otherwise. */
  readonly shortcuts: readonly Shortcut[];
  /** Other words under which it is looked for. */
  readonly keywords?: string;
}

/** What commands do at present; a command without a handler cannot be given. */
export type CommandHandlers = Readonly<Record<string, () => void>>;
