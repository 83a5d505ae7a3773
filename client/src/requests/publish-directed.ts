import { ok, type Fault, type Result } from '@muster/protocol/errors';

/** Requests that are under way to the broker at once: more gain nothing, fewer leave it idle. */
const inFlight = 200;

/** How one directed request fared: taken by a queue, or for a node that the broker does not know. */
export type Sent = 'sent' | 'unknown_node';

/**
 * Sends one request to each node, many at a time, and tells how each fared, until `isWanted` says that no more are to be sent. Errors: the first
 * fault that would meet the others as well; it ends the sending.
 *
 * A request whose confirm was lost counts as sent: the broker may have it, and sending it again could meet a node twice.
 */
export async function publishDirected(
  identities: readonly string[],
  direct: (identity: string) => Promise<Result<void>>,
  onSent: (identity: string, sent: Sent) => void,
  isWanted: () => boolean,
): Promise<Result<void>> {
  const waiting = identities[Symbol.iterator]();
  const fatal: Fault[] = [];

  async function work(): Promise<void> {
    for (const identity of waiting) {
      if (fatal.length > 0 || !isWanted()) return;
      const sent = await direct(identity);
      if (sent.ok || sent.error.code === 'broker.unconfirmed') onSent(identity, 'sent');
      else if (sent.error.code === 'broker.unroutable') onSent(identity, 'unknown_node');
      else fatal.push(sent.error);
    }
  }

  await Promise.all(Array.from({ length: Math.min(inFlight, identities.length) }, work));
  const [first] = fatal;
  return first === undefined ? ok(undefined) : { ok: false, error: first };
}
