import type { DiscoveryMethod } from '@muster/protocol/bridge';
import type { Delivery } from './keep-order.ts';
import { hasSecrets, type PreparedOrder } from './prepare-order.ts';

/**
 * From more than this many discovered nodes on, one broadcast is sent instead of one request to each. MCollective's
 * `direct_addressing_threshold` is 10; see docs/adr/0009-direct-or-broadcast.md for the measurement behind this one.
 */
const broadcastAbove = 200;

/**
 * Whether the nodes of a run are asked by one message. Only all of the nodes that a broadcast found may be asked by another; any other choice
 * is for these nodes and no others.
 */
export function isBroadcast(
  order: Pick<PreparedOrder, 'filter' | 'selection' | 'shownInputs'>,
  delivery: Delivery,
  found: { readonly method: DiscoveryMethod | null; readonly total: number },
): boolean {
  const { filter, selection } = order;
  return (
    filter !== null &&
    // What is sealed is sealed to one node.
    !hasSecrets(order) &&
    found.method === 'broadcast' &&
    selection.limit === undefined &&
    selection.batch === undefined &&
    selection.rollout === undefined &&
    selection.untilMs === undefined &&
    delivery !== 'directed' &&
    (delivery === 'broadcast' || found.total > broadcastAbove)
  );
}
