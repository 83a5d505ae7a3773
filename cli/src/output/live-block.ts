import type { TextSink } from '../surroundings.ts';

/** Lines at the bottom of a terminal that are replaced as things move; what is printed goes above them. */
export interface LiveBlock {
  show(lines: readonly string[]): void;
  print(text: string): void;
  /** Takes the lines away. */
  clear(): void;
}

/** A live block on a terminal; where the sink is none, only what is printed. */
export function createLiveBlock(sink: TextSink): LiveBlock {
  if (!sink.isTerminal) return { show: () => undefined, print: (text) => sink.write(text), clear: () => undefined };
  let shown: readonly string[] = [];
  const clear = () => {
    if (shown.length > 0) sink.write(`\u001b[${shown.length}A\u001b[J`);
  };
  const draw = () => {
    // A line that wraps would make the block taller than it is known to be.
    for (const line of shown) sink.write(`${line.slice(0, sink.columns - 1)}\n`);
  };
  return {
    show(lines) {
      clear();
      shown = lines;
      draw();
    },
    print(text) {
      clear();
      sink.write(text);
      draw();
    },
    clear() {
      clear();
      shown = [];
    },
  };
}
