import type { TextSink } from '../surroundings.ts';
import { createPalette } from './palette.ts';

const twirl = ['|', '/', '-', '\\'];
const widest = 60;
const narrowest = 10;

/** What the bar shows. */
export interface ProgressState {
  readonly done: number;
  readonly total: number;
  /** Stands behind the figures; what has no room is cut off. */
  readonly note: string;
}

/** One frame of the bar, without a line end: ` * [ =====>    ] 7 / 15  note`, or `7 / 15  note` where there is no room. */
export function progressFrame(
  { done, total, note }: ProgressState,
  tick: number,
  width: number,
  green: (text: string) => string,
): string {
  const bar = Math.min(widest, width - 22 - (note === '' ? 0 : note.length + 2));
  const figures = note === '' ? `${done} / ${total}` : `${done} / ${total}  ${note}`;
  // A line that wraps could not be taken away again.
  if (bar < narrowest) return figures.slice(0, Math.max(1, width - 1));
  const complete = done >= total;
  const filled = total === 0 ? bar : Math.min(bar, Math.floor((done / total) * bar));
  const arrow = complete || filled === 0 ? '='.repeat(filled) : `${'='.repeat(filled - 1)}>`;
  const star = complete ? green('*') : (twirl[tick % twirl.length] ?? '|');
  return ` ${star} [ ${arrow.padEnd(bar)} ] ${figures}`;
}

/** A line at the bottom of the terminal that gives way to what is printed above it. */
export interface StatusLine {
  /** Shows this text instead of the last. */
  show(text: string): void;
  /** Takes the line away; `show` brings one back. */
  clear(): void;
}

/** A status line on a terminal; where the sink is none, a line that shows nothing. */
export function createStatusLine(sink: TextSink): StatusLine {
  let shown = false;
  if (!sink.isTerminal) return { show: () => undefined, clear: () => undefined };
  return {
    show: (text) => {
      sink.write(`\r${text}\u001b[K`);
      shown = true;
    },
    clear: () => {
      if (shown) sink.write('\r\u001b[K');
      shown = false;
    },
  };
}

/** The bar of a run. */
export interface Progress {
  update(done: number, total: number): void;
  /** What stands behind the figures from now on. */
  note(text: string): void;
  /** Hides the bar while `print` writes, so that the two do not mix on one terminal. */
  around(print: () => void): void;
  stop(): void;
}

export function createProgress(
  sink: TextSink,
  wanted: boolean,
  every: (ms: number, tick: () => void) => () => void,
): Progress {
  if (!wanted || !sink.isTerminal)
    return { update: () => undefined, note: () => undefined, around: (print) => print(), stop: () => undefined };
  const line = createStatusLine(sink);
  const { green } = createPalette(sink.colours);
  let state: ProgressState = { done: 0, total: 0, note: '' };
  let ticks = 0;
  let started = false;
  const draw = () => {
    if (started) line.show(progressFrame(state, ticks, sink.columns, green));
  };
  const cancel = every(100, () => {
    ticks += 1;
    draw();
  });
  return {
    update: (done, total) => {
      state = { ...state, done, total };
      started = true;
    },
    note: (text) => {
      state = { ...state, note: text };
    },
    around: (print) => {
      line.clear();
      print();
    },
    stop: () => {
      cancel();
      draw();
      if (started) sink.write('\n\n');
      started = false;
    },
  };
}
