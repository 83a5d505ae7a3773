import { fail, ok, type Result } from '../errors/index.ts';

/** Whose a stream is, and whether it may go on. */
interface StreamOwner {
  readonly peer: string;
  readonly isOver: () => boolean;
}

interface OpenStream extends StreamOwner {
  readonly stop: () => void;
  latest: { item: unknown } | null;
}

/** A pull that waits for news of some streams. */
interface Wait {
  readonly streamIds: readonly string[];
  readonly end: () => void;
}

/** What a pull gives. */
export interface Pulled {
  readonly news: readonly { readonly streamId: string; readonly item: unknown }[];
  /** Those of the streams that are not open, or not any more. */
  readonly ended: readonly string[];
}

/** Starts a timer and returns how to stop it. */
export type StartTimer = (afterMs: number, run: () => void) => () => void;

/** How long a pull waits for news before it returns empty-handed, in milliseconds. */
export const pullWaitMs = 20_000;

/** The most streams that one peer may hold open. */
export const streamsPerPeer = 64;

/** The open streams of all windows. What is emitted between two pulls is replaced by what is newer, so nothing grows. */
export class StreamBook {
  readonly #streams = new Map<string, OpenStream>();
  readonly #waits = new Set<Wait>();
  readonly #startTimer: StartTimer;
  #nextId = 1;

  constructor(startTimer: StartTimer) {
    this.#startTimer = startTimer;
  }

  get size(): number {
    return this.#streams.size;
  }

  open(owner: StreamOwner, start: (emit: (item: unknown) => void) => Result<() => void>): Result<{ streamId: string }> {
    const { peer } = owner;
    if ([...this.#streams.values()].filter((stream) => stream.peer === peer).length >= streamsPerPeer) {
      return fail('bridge.forbidden', `A window may hold ${streamsPerPeer} streams open at most`);
    }
    const streamId = String(this.#nextId++);
    let stream: OpenStream | null = null;
    let early: { item: unknown } | null = null;
    const started = start((item) => {
      if (stream === null) early = { item };
      else {
        stream.latest = { item };
        this.#wake([streamId]);
      }
    });
    if (!started.ok) return started;
    stream = { ...owner, stop: started.value, latest: early };
    this.#streams.set(streamId, stream);
    return ok({ streamId });
  }

  /**
   * Resolves with the news of some streams since they were pulled last, as soon as one of them has any or is not open; with none after
   * {@link pullWaitMs}. An earlier pull of any of them ends.
   */
  async pull(peer: string, streamIds: readonly string[]): Promise<Pulled> {
    this.#wake(streamIds);
    const isQuiet = streamIds.every((streamId) => this.#owned(peer, streamId)?.latest === null);
    if (isQuiet) await this.#waitFor(streamIds);
    const news: { streamId: string; item: unknown }[] = [];
    const ended: string[] = [];
    for (const streamId of streamIds) {
      const stream = this.#owned(peer, streamId);
      if (stream === undefined) ended.push(streamId);
      else if (stream.latest !== null) {
        news.push({ streamId, item: stream.latest.item });
        stream.latest = null;
      }
    }
    return { news, ended };
  }

  close(peer: string, streamId: string): void {
    const stream = this.#owned(peer, streamId);
    if (stream === undefined) return;
    this.#streams.delete(streamId);
    stream.stop();
    this.#wake([streamId]);
  }

  /** Closes those that are meant. */
  closeAll(isMeant: (stream: StreamOwner) => boolean): void {
    for (const [streamId, stream] of [...this.#streams]) if (isMeant(stream)) this.close(stream.peer, streamId);
  }

  /** Resolves when one of the streams is woken, or enough time has passed. */
  #waitFor(streamIds: readonly string[]): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        stopTimer();
        this.#waits.delete(wait);
        resolve();
      };
      const wait: Wait = { streamIds, end };
      const stopTimer = this.#startTimer(pullWaitMs, end);
      this.#waits.add(wait);
    });
  }

  #wake(streamIds: readonly string[]): void {
    for (const wait of [...this.#waits]) if (wait.streamIds.some((id) => streamIds.includes(id))) wait.end();
  }

  #owned(peer: string, streamId: string): OpenStream | undefined {
    const stream = this.#streams.get(streamId);
    return stream?.peer === peer ? stream : undefined;
  }
}
