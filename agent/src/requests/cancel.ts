import type { Request } from '@muster/protocol/messages';
import type { Audit, AuditedRequest } from './audit.ts';
import type { Authorizer, Decision } from './authorizer.ts';
import { keyOf, type Journal } from './journal/index.ts';
import type { CancelEffect, LiveRequest } from './live-request.ts';

/** Who cancels what. */
export interface CancelWish {
  /** The request in which it is asked for. */
  readonly asking: AuditedRequest & Pick<Request, 'sender'>;
  /** The id of the request that is to be cancelled. */
  readonly requestId: string;
}

/**
 * What became of it. `finished`: there is a verdict already. `noted`: the request has not come yet, and will not be carried out
 * when it does. `unknown`: it has not come, and the node remembers too many such to note another. `denied`: another's request.
 */
export type Cancelled = CancelEffect | 'finished' | 'noted' | 'unknown' | 'denied';

const own = 'the request is their own';
const notOwn = 'the request is of another';

/** Cancels requests that a node has, or may get. Each wish is audited. */
export function createCanceller(parts: {
  readonly live: ReadonlyMap<string, LiveRequest>;
  readonly journal: Pick<Journal, 'look' | 'cancelAhead'>;
  readonly authorizer: Authorizer;
  readonly audit: Audit;
}): (wish: CancelWish) => Promise<Cancelled> {
  const { live, journal, authorizer, audit } = parts;

  /** Its caller's own, or else anybody's. */
  const find = (key: string, requestId: string): LiveRequest | undefined =>
    live.get(key) ?? [...live.values()].find(({ request }) => request.requestId === requestId);

  /** Each may cancel what is theirs, and what has not come yet can be theirs alone; the policy decides about the rest. */
  function judge({ asking }: CancelWish, request: Request | undefined): Decision | Promise<Decision> {
    if (request === undefined || request.sender === asking.sender) return { allowed: true, reason: own };
    return authorizer.authoriseCancel?.(asking.caller, request) ?? { allowed: false, reason: notOwn };
  }

  return async (wish) => {
    const { asking, requestId } = wish;
    const key = keyOf({ sender: asking.sender, requestId });
    const known = find(key, requestId);
    const decision = await judge(wish, known?.request);
    await audit.record(asking, { inputs: {} }, decision);
    if (!decision.allowed) return 'denied';
    // Policy and audit may have taken their time.
    if (known !== undefined) return live.has(keyOf(known.request)) ? known.cancel(asking.caller) : 'finished';
    if (journal.look(key) === 'answered') return 'finished';
    return (await journal.cancelAhead(key, asking.caller)) ? 'noted' : 'unknown';
  };
}
