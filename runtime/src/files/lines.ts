import { createReadStream } from 'node:fs';

/** A line as it stands in a file. */
export interface RawLine {
  /** From 1. */
  readonly number: number;
  /** Without its line feed; null when it is longer than it may be. */
  readonly bytes: Buffer | null;
  /** False for the rest of a file that does not end with a line feed. */
  readonly isEnded: boolean;
  /** Offset of what follows it in the file, in bytes. */
  readonly endOffset: number;
}

const lineFeed = 0x0a;

/** Gathers the pieces of one line, and keeps no more of it than it may have. */
class LineBuffer {
  readonly #longestBytes: number;
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(longestBytes: number) {
    this.#longestBytes = longestBytes;
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }
  add(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes > this.#longestBytes) this.#pieces = [];
    else this.#pieces.push(piece);
  }
  take(): Buffer | null {
    const line = this.#bytes > this.#longestBytes ? null : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#bytes = 0;
    return line;
  }
}

/** The lines of a file, one after the other, in bounded memory. Rejects as Node's streams do. */
export const readLines = (file: string, longestBytes: number): AsyncGenerator<RawLine> =>
  splitLines(createReadStream(file), longestBytes);

/** The lines that chunks of bytes make up. */
export async function* splitLines(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  longestBytes: number,
): AsyncGenerator<RawLine> {
  const line = new LineBuffer(longestBytes);
  let number = 0;
  let offset = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      line.add(chunk.subarray(start, end));
      start = end + 1;
      yield { number: ++number, bytes: line.take(), isEnded: true, endOffset: offset + start };
    }
    line.add(chunk.subarray(start));
    offset += chunk.length;
  }
  if (!line.isEmpty) yield { number: number + 1, bytes: line.take(), isEnded: false, endOffset: offset };
}
