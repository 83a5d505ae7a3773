import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** The input that is being tried, and its number, so that both are known when the process hangs or dies. */
export interface CurrentInput {
  /** 0 before the first. */
  readonly number: number;
  readonly input: Uint8Array;
}

const headerBytes = 8;

/** Writes the current input to a file that exists. */
export class CurrentInputWriter {
  readonly #file: number;
  #buffer = Buffer.alloc(64 * 1024);

  constructor(file: string) {
    this.#file = openSync(file, 'r+');
  }

  write(number: number, input: Uint8Array): void {
    const length = headerBytes + input.length;
    if (length > this.#buffer.length) this.#buffer = Buffer.alloc(2 * length);
    this.#buffer.writeUInt32LE(number >>> 0, 0);
    this.#buffer.writeUInt32LE(input.length, 4);
    this.#buffer.set(input, headerBytes);
    writeSync(this.#file, this.#buffer, 0, length, 0);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Number and input as they were written last. */
export function readCurrentInput(file: string): CurrentInput {
  const bytes = readFileSync(file);
  if (bytes.length < headerBytes) return { number: 0, input: new Uint8Array() };
  return {
    number: bytes.readUInt32LE(0),
    input: bytes.subarray(headerBytes, headerBytes + bytes.readUInt32LE(4)),
  };
}
