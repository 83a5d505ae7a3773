import type { Socket } from 'node:net';

/** What a direction does to bytes; they stay in order, as TCP keeps them. Nothing set: they pass at once. */
export interface Impairment {
  /** They are held until this is lifted. */
  readonly held?: boolean;
  /** Extra milliseconds for each piece. */
  readonly delayMs?: () => number;
  /** At most so many bytes in a second. */
  readonly bytesPerSecond?: number;
}

interface Piece {
  readonly bytes: Buffer;
  readonly dueAtMs: number;
}

/** More than this is not taken in, so that whoever sends feels that nobody reads. */
const heldBytes = 1024 * 1024;

/** One direction of one connection. */
export class Stream {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #pieces: Piece[] = [];
  #size = 0;
  #impairment: Impairment = {};
  #freeAtMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(from: Socket, to: Socket) {
    this.#from = from;
    this.#to = to;
    from.on('data', (bytes: Buffer) => this.#take(bytes));
    to.on('drain', () => this.#pump());
  }

  impair(impairment: Impairment): void {
    this.#impairment = impairment;
    this.#pump();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#pieces.length = 0;
  }

  #take(bytes: Buffer): void {
    if (this.#isClosed) return;
    const nowMs = performance.now();
    // A piece never overtakes an earlier one.
    const afterMs = this.#pieces.at(-1)?.dueAtMs ?? 0;
    this.#pieces.push({ bytes, dueAtMs: Math.max(afterMs, nowMs + (this.#impairment.delayMs?.() ?? 0)) });
    this.#size += bytes.length;
    if (this.#size > heldBytes) this.#from.pause();
    this.#pump();
  }

  #pump(): void {
    clearTimeout(this.#timer);
    while (!this.#isClosed && this.#impairment.held !== true && !this.#to.writableNeedDrain) {
      const [piece] = this.#pieces;
      if (piece === undefined) break;
      const waitMs = Math.max(piece.dueAtMs, this.#freeAtMs) - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#pump(), waitMs);
        return;
      }
      this.#send(piece);
    }
    if (this.#size <= heldBytes) this.#from.resume();
  }

  #send({ bytes, dueAtMs }: Piece): void {
    const { bytesPerSecond } = this.#impairment;
    const most = bytesPerSecond === undefined ? bytes.length : Math.max(1, Math.ceil(bytesPerSecond / 10));
    const now = bytes.subarray(0, most);
    const later = bytes.subarray(most);
    if (later.length === 0) this.#pieces.shift();
    else this.#pieces[0] = { bytes: later, dueAtMs };
    this.#size -= now.length;
    this.#to.write(now);
    if (bytesPerSecond !== undefined) this.#freeAtMs = performance.now() + (now.length / bytesPerSecond) * 1000;
  }
}
