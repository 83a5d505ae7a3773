import { fail, ok, type Result } from '../errors/index.ts';

/** Whose a stream is, and whether it may go on. */
interface StreamOwner {
  readonly peer: string;
  readonly isOver: () => boolean;
}

interface OpenStream extends StreamOwner {
  readonly stop: () => void;
  latest: { item: unknown } | null;
  waiting: (() => void) | null;
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
    let stream: OpenStream | null = null;
    let early: { item: unknown } | null = null;
    const started = start((item) => {
      if (stream === null) early = { item };
      else {
        stream.latest = { item };
        stream.waiting?.();
      }
    });
    if (!started.ok) return started;
    stream = { ...owner, stop: started.value, latest: early, waiting: null };
    const streamId = String(this.#nextId++);
    this.#streams.set(streamId, stream);
    return ok({ streamId });
  }

  /** Resolves with the news since the last pull, or with none after {@link pullWaitMs}. */
  async pull(peer: string, streamId: string): Promise<Result<{ items: unknown[] }>> {
    const stream = this.#owned(peer, streamId);
    if (stream === undefined) return fail('bridge.unknown_stream', `There is no open stream ${streamId}`);
    stream.waiting?.();
    if (stream.latest === null) {
      await new Promise<void>((resolve) => {
        const stopTimer = this.#startTimer(pullWaitMs, () => stream.waiting?.());
        stream.waiting = () => {
          stopTimer();
          stream.waiting = null;
          resolve();
        };
      });
    }
    const items = stream.latest === null ? [] : [stream.latest.item];
    stream.latest = null;
    return ok({ items });
  }

  close(peer: string, streamId: string): void {
    const stream = this.#owned(peer, streamId);
    if (stream === undefined) return;
    this.#streams.delete(streamId);
    stream.stop();
    stream.waiting?.();
  }

  /** Closes those that are meant. */
  closeAll(isMeant: (stream: StreamOwner) => boolean): void {
    for (const [streamId, stream] of [...this.#streams]) if (isMeant(stream)) this.close(stream.peer, streamId);
  }

  #owned(peer: string, streamId: string): OpenStream | undefined {
    const stream = this.#streams.get(streamId);
    return stream?.peer === peer ? stream : undefined;
  }
}
