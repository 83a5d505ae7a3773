import type { LiveRequest } from './live-request.ts';
import type { ReplySender } from './reply-sender.ts';

/** How long a request is dealt with in silence, in milliseconds. */
const silentMs = 1_000;

/** Tells whoever asked that a request which is not answered soon has arrived, and when its action begins. */
export interface Notices {
  /** Watches over a request until what it returns is called. */
  watch(live: LiveRequest): () => void;
  /** Says again where a request stands; whoever asks again may have missed it. */
  repeat(live: LiveRequest): void;
}

export function createNotices(replies: Pick<ReplySender, 'sendNotice'>): Notices {
  function tell({ asked, startedAtMs }: LiveRequest): void {
    const { requestId, collective, replyTo } = asked;
    if (replyTo === null) return;
    const state = startedAtMs === null ? 'accepted' : 'running';
    void replies.sendNotice({ requestId, state, startedAtMs }, { collective, replyTo });
  }

  return {
    watch(live) {
      const timer = setTimeout(() => {
        tell(live);
        // What was running has been told of.
        if (live.startedAtMs === null) live.onBegin = () => tell(live);
      }, silentMs);
      return () => {
        clearTimeout(timer);
        live.onBegin = () => undefined;
      };
    },
    repeat: tell,
  };
}
