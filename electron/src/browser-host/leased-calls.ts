import type { Dispatcher, StartTimer } from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';
import { StreamLeases } from './stream-leases.ts';

/** The dispatcher for callers that can vanish: streams that nobody will pull again are closed. */
export interface LeasedCalls {
  /** `gone` is aborted when the caller went away before it had its answer. */
  call(name: string, payload: unknown, peer: string, gone: AbortSignal): Promise<Result<unknown>>;
  /** Closes the streams of these peers and forgets all leases. */
  close(peers: readonly string[]): void;
}

export function createLeasedCalls(dispatcher: Dispatcher, startTimer: StartTimer): LeasedCalls {
  const closeStream = (peer: string, streamId: string) => {
    void dispatcher.dispatch('stream.close', { streamId }, peer);
  };
  const leases = new StreamLeases(startTimer, closeStream);

  return {
    async call(name, payload, peer, gone) {
      const pulled = name === 'stream.pull' ? streamIdIn(payload) : null;
      if (pulled !== null) {
        leases.hold(peer, pulled);
        gone.addEventListener('abort', () => closeStream(peer, pulled));
      }
      const result = await dispatcher.dispatch(name, payload, peer);
      const closed = name === 'stream.close' ? streamIdIn(payload) : null;
      if (closed !== null) leases.hold(peer, closed);
      const opened = name === 'stream.open' && result.ok ? streamIdIn(result.value) : null;
      const kept = opened ?? (result.ok ? pulled : null);
      if (kept !== null && gone.aborted) closeStream(peer, kept);
      else if (kept !== null) leases.grant(peer, kept);
      return result;
    },
    close(peers) {
      leases.clear();
      for (const peer of peers) dispatcher.forget(peer);
    },
  };
}

/** The stream that a payload or a result speaks of; null when it speaks of none. */
function streamIdIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('streamId' in value)) return null;
  return typeof value.streamId === 'string' ? value.streamId : null;
}
