import { cleanText } from '../output/clean-text.ts';

/** Output of many commands, line by line, each line behind the name of its node. */
export interface LinePrinter {
  /** Takes a piece of a stream; what does not end in a line break waits for its rest. */
  add(stream: string, label: string, text: string): void;
  /** Prints what waits of streams that are over. */
  flush(streams: readonly string[]): void;
}

export function createLinePrinter(write: (text: string) => void): LinePrinter {
  const waiting = new Map<string, { readonly label: string; readonly text: string }>();
  const print = (label: string, lines: readonly string[]) => {
    if (lines.length > 0) write(lines.map((line) => `${label}${cleanText(line.replace(/\r$/, ''))}\n`).join(''));
  };
  return {
    add(stream, label, text) {
      const lines = ((waiting.get(stream)?.text ?? '') + text).split('\n');
      const rest = lines.pop() ?? '';
      if (rest === '') waiting.delete(stream);
      else waiting.set(stream, { label, text: rest });
      print(label, lines);
    },
    flush(streams) {
      for (const stream of streams) {
        const rest = waiting.get(stream);
        if (rest !== undefined) print(rest.label, [rest.text]);
        waiting.delete(stream);
      }
    },
  };
}
