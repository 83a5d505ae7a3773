import { errorCatalogue, ok, type Fault, type Result } from '@muster/protocol/errors';

/** Requests that are under way to the broker at once: more gain nothing, fewer leave it idle. */
const inFlight = 200;

/** First and longest pause before a queue that was full is tried again, in milliseconds. */
const [firstPauseMs, longestPauseMs] = [1000, 30_000];

/** How the request to one node fared; `withheld` when it was not of use any more before the broker took it. */
export type Published = 'sent' | 'unknown_node' | 'unsealable' | 'withheld';

export interface CopyOrder {
  readonly identities: readonly string[];
  readonly direct: (identity: string) => Promise<Result<void>>;
  /** Whether the copy is still of use; asked before each attempt. */
  readonly isWanted: (identity: string) => boolean;
  readonly onPublished: (identity: string, how: Published) => void;
  /** Another copy has to be published, because nobody knows whether the broker has the last. */
  readonly onUnconfirmed: (identity: string) => Promise<boolean>;
  /** Resolves when the broker is back; false to stop. */
  readonly whenUp: () => Promise<boolean>;
  /** False to stop. */
  readonly pause: (ms: number) => Promise<boolean>;
}

/**
 * Publishes one copy for each node, many at a time, until the broker has confirmed each. Nodes carry a request out once, so that what was not
 * confirmed may be published again. Errors: the first fault that would meet the others as well.
 */
export async function publishCopies(order: CopyOrder): Promise<Result<void>> {
  const waiting = order.identities[Symbol.iterator]();
  const fatal: Fault[] = [];
  const retries: Promise<void>[] = [];

  async function again(identity: string, pauseMs: number): Promise<void> {
    if (await order.pause(pauseMs)) await sendOne(identity, Math.min(pauseMs * 2, longestPauseMs));
  }

  async function sendOne(identity: string, pauseMs = firstPauseMs): Promise<void> {
    while (fatal.length === 0) {
      if (!order.isWanted(identity)) {
        order.onPublished(identity, 'withheld');
        return;
      }
      const sent = await order.direct(identity);
      const code = sent.ok ? null : sent.error.code;
      if (sent.ok || code === null || code === 'broker.unroutable') {
        order.onPublished(identity, code === null ? 'sent' : 'unknown_node');
        return;
      }
      if (code === 'sealing.no_recipient') {
        order.onPublished(identity, 'unsealable');
        return;
      }
      if (code === 'broker.rejected') {
        // A full queue concerns one node: the others do not wait for it.
        retries.push(again(identity, pauseMs));
        return;
      }
      if (errorCatalogue[code].retry === 'never') {
        fatal.push(sent.error);
        return;
      }
      if (!(await order.whenUp())) return;
      if (code === 'broker.unconfirmed' && !(await order.onUnconfirmed(identity))) return;
    }
  }

  async function work(): Promise<void> {
    for (const identity of waiting) await sendOne(identity);
  }

  await Promise.all(Array.from({ length: Math.min(inFlight, order.identities.length) }, work));
  for (const retry of retries) await retry;
  const [first] = fatal;
  return first === undefined ? ok(undefined) : { ok: false, error: first };
}
