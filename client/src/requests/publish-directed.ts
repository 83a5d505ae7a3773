import { errorCatalogue, ok, type Fault, type Result } from '@muster/protocol/errors';

/** Requests that are under way to the broker at once: more gain nothing, fewer leave it idle. */
const inFlight = 200;

/** How one directed request fared: taken by a queue, or for a node that the broker does not know. */
export type Sent = 'sent' | 'unknown_node';

/**
 * Sends one request to each node, many at a time, and tells how each fared. Stops at the first fault that would meet the others as well.
 *
 * A request whose confirm was lost counts as sent: the broker may have it, and sending it again could meet a node twice.
 * One that never left is sent again once `whenUp` says that the broker is back; false from it means to stop waiting.
 */
export async function publishDirected(
  identities: readonly string[],
  direct: (identity: string) => Promise<Result<void>>,
  onSent: (identity: string, sent: Sent) => void,
  whenUp: () => Promise<boolean>,
): Promise<Result<void>> {
  const waiting = identities[Symbol.iterator]();
  const fatal: Fault[] = [];

  async function sendOne(identity: string): Promise<void> {
    for (;;) {
      const sent = await direct(identity);
      const code = sent.ok ? null : sent.error.code;
      if (sent.ok || code === 'broker.unconfirmed' || code === 'broker.unroutable') {
        onSent(identity, code === 'broker.unroutable' ? 'unknown_node' : 'sent');
        return;
      }
      if (errorCatalogue[sent.error.code].retry === 'never' || !(await whenUp())) {
        fatal.push(sent.error);
        return;
      }
    }
  }

  async function work(): Promise<void> {
    for (const identity of waiting) {
      if (fatal.length > 0) return;
      await sendOne(identity);
    }
  }

  await Promise.all(Array.from({ length: Math.min(inFlight, identities.length) }, work));
  const [first] = fatal;
  return first === undefined ? ok(undefined) : { ok: false, error: first };
}
