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
      const pulled = name === 'stream.pull' ? streamIdsIn(payload) : [];
      for (const streamId of pulled) leases.hold(peer, streamId);
      gone.addEventListener('abort', () => {
        for (const streamId of pulled) closeStream(peer, streamId);
      });
      const result = await dispatcher.dispatch(name, payload, peer);
      const closed = name === 'stream.close' ? streamIdIn(payload) : null;
      if (closed !== null) leases.hold(peer, closed);
      for (const streamId of result.ok ? keptBy(name, pulled, result.value) : []) {
        if (gone.aborted) closeStream(peer, streamId);
        else leases.grant(peer, streamId);
      }
      return result;
    },
    close(peers) {
      leases.clear();
      for (const peer of peers) dispatcher.forget(peer);
    },
  };
}

/** The streams that are open after a call: the one that was opened, or those that were pulled and have not ended. */
function keptBy(name: string, pulled: readonly string[], answer: unknown): readonly string[] {
  if (name === 'stream.open') return [streamIdIn(answer) ?? []].flat();
  const ended = listIn(answer, 'ended');
  return pulled.filter((streamId) => !ended.includes(streamId));
}

const streamIdsIn = (payload: unknown): readonly string[] =>
  listIn(payload, 'streamIds').filter((streamId) => typeof streamId === 'string');

/** A list that a value has under a name; none when it has no such list. */
function listIn(value: unknown, name: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const list: unknown = Object.entries(value).find(([key]) => key === name)?.[1];
  return Array.isArray(list) ? list : [];
}

/** The stream that a payload or a result speaks of; null when it speaks of none. */
function streamIdIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('streamId' in value)) return null;
  return typeof value.streamId === 'string' ? value.streamId : null;
}
