import type { Dispatcher } from '@muster/protocol/bridge';

/** A dispatcher that hands each call to the one that its peer belongs to. A peer belongs to one for its whole life. */
export interface PeerRoutes extends Dispatcher {
  /** To be called before the peer is known to anybody. */
  assign(peer: string, dispatcher: Dispatcher): void;
}

/** Peers that were not assigned belong to `first`. Closing is left to who opened the dispatchers. */
export function createPeerRoutes(first: Dispatcher): PeerRoutes {
  const assigned = new Map<string, Dispatcher>();
  const of = (peer: string): Dispatcher => assigned.get(peer) ?? first;
  const all = () => new Set([first, ...assigned.values()]);
  return {
    assign: (peer, dispatcher) => void assigned.set(peer, dispatcher),
    dispatch: (name, payload, peer) => of(peer).dispatch(name, payload, peer),
    forget: (peer) => of(peer).forget(peer),
    closeRefused() {
      for (const dispatcher of all()) dispatcher.closeRefused();
    },
    close() {
      for (const dispatcher of all()) dispatcher.close();
    },
  };
}
