import { sequenceMs, strokeOf, worksInTexts, type Shortcut, type Stroke } from './shortcut.ts';

/** Puts strokes together to shortcuts, one by one. */
export class ShortcutReader {
  #first: { readonly stroke: string; readonly atMs: number } | null = null;
  readonly #isMac: boolean;

  constructor(isMac: boolean) {
    this.#isMac = isMac;
  }

  /** The shortcut among `known` that a stroke completes; `isTyping` says that keys go into a text, where only those count that write nothing. */
  read(
    event: Stroke & { readonly timeStamp: number },
    isTyping: boolean,
    known: ReadonlySet<Shortcut>,
  ): Shortcut | null {
    const stroke = strokeOf(event, this.#isMac);
    if (stroke === null) return null;
    const first = this.#first;
    this.#first = null;
    if (isTyping && !worksInTexts(stroke)) return null;
    const isSecond = first !== null && event.timeStamp - first.atMs < sequenceMs;
    const sequence = isSecond ? `${first.stroke} ${stroke}` : stroke;
    if (known.has(sequence)) return sequence;
    if (isSecond && known.has(stroke)) return stroke;
    this.#first = { stroke, atMs: event.timeStamp };
    return null;
  }
}
