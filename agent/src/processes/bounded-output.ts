/** Takes bytes up to a bound and drops the rest. */
export class BoundedOutput {
  readonly #chunks: Buffer[] = [];
  readonly #maxBytes: number;
  #size = 0;
  #isCut = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** True once something had to be dropped. */
  get isCut(): boolean {
    return this.#isCut;
  }

  add(chunk: Buffer): void {
    const room = this.#maxBytes - this.#size;
    if (chunk.length > room) this.#isCut = true;
    if (room <= 0) return;
    const taken = chunk.length > room ? chunk.subarray(0, room) : chunk;
    this.#chunks.push(taken);
    this.#size += taken.length;
  }

  /** As UTF-8; what is not becomes U+FFFD. */
  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
