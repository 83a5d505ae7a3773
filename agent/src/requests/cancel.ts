import type { Request } from '@muster/protocol/messages';
import type { Authorizer } from './authorizer.ts';
import { keyOf, type Journal } from './journal/index.ts';
import type { CancelEffect, LiveRequest } from './live-request.ts';

/** Who cancels what. */
export interface CancelWish {
  readonly sender: string;
  /** `cert=NAME` of the person. */
  readonly caller: string;
  readonly requestId: string;
}

/**
 * What became of it. `finished`: there is a verdict already. `noted`: the request has not come yet, and will not be carried out
 * when it does. `unknown`: it has not come, and the node remembers too many such to note another. `denied`: another's request.
 */
export type Cancelled = CancelEffect | 'finished' | 'noted' | 'unknown' | 'denied';

/** Cancels requests that a node has, or may get. */
export function createCanceller(parts: {
  readonly live: ReadonlyMap<string, LiveRequest>;
  readonly journal: Pick<Journal, 'look' | 'cancelAhead'>;
  readonly authorizer: Authorizer;
}): (wish: CancelWish) => Promise<Cancelled> {
  const { live, journal, authorizer } = parts;

  /** Its caller's own, or else anybody's. */
  const find = (key: string, requestId: string): LiveRequest | undefined =>
    live.get(key) ?? [...live.values()].find(({ request }) => request.requestId === requestId);

  async function mayCancel(wish: CancelWish, request: Request): Promise<boolean> {
    if (request.sender === wish.sender) return true;
    return (await authorizer.authoriseCancel?.(wish.caller, request))?.allowed ?? false;
  }

  return async (wish) => {
    const key = keyOf(wish);
    const known = find(key, wish.requestId);
    if (known !== undefined) {
      if (!(await mayCancel(wish, known.request))) return 'denied';
      // The policy may have taken its time.
      return live.has(keyOf(known.request)) ? known.cancel(wish.caller) : 'finished';
    }
    if (journal.look(key) === 'answered') return 'finished';
    return (await journal.cancelAhead(key, wish.caller)) ? 'noted' : 'unknown';
  };
}
