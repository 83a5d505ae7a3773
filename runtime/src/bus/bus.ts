import type { Fault, Result } from '@muster/protocol/errors';
import type { QueueDeclaration, QueueType } from '@muster/protocol/topology';

/** Where a connection stands. Times are milliseconds since the epoch. */
export type BusState =
  | { readonly status: 'connecting'; readonly sinceMs: number; readonly attempt: number }
  | {
      readonly status: 'up';
      readonly sinceMs: number;
      readonly url: string;
      /** Why the broker takes no messages just now (it is short of disk or memory); what is published waits. */
      readonly blockedBy?: string;
    }
  | { readonly status: 'down'; readonly sinceMs: number; readonly reason: Fault; readonly retryAtMs: number }
  | { readonly status: 'closed'; readonly sinceMs: number };

export interface Publication {
  readonly exchange: string;
  readonly routingKey: string;
  /** The key by which it goes back to its sender when a queue lets it die; see `undeliveredKey` of the topology. */
  readonly undeliveredKey?: string;
  readonly body: Uint8Array;
  /** Survives a restart of the broker. */
  readonly persistent: boolean;
  /** Report `broker.unroutable` when no queue takes it. */
  readonly mandatory: boolean;
  /** The broker drops it when nobody took it within this many milliseconds. */
  readonly expirationMs?: number;
}

/** How a message ended in a queue: nobody took it in time; the queue was full; the queue gave it up after many attempts. */
export interface Died {
  readonly queue: string;
  readonly reason: 'expired' | 'maxlen' | 'rejected' | 'delivery_limit';
}

export interface Delivery {
  readonly body: Uint8Array;
  readonly exchange: string;
  readonly routingKey: string;
  readonly redelivered: boolean;
  /** Of a message that comes back undelivered: the queue that let it die, and why; null otherwise. */
  readonly died: Died | null;
  /** Tells the broker that the message is dealt with. A lost connection makes it a no-op: the broker delivers again. */
  ack(): void;
}

export interface Subscription {
  readonly queue: { readonly name: string; readonly declaration: QueueDeclaration };
  readonly bindings: readonly { readonly exchange: string; readonly routingKey: string }[];
  /** Unacknowledged deliveries at most; 1 to 65,535. */
  readonly prefetch: number;
  /** Be the only consumer, or fail with `identity.duplicate`. So it is also when the queue is an exclusive one of another connection. */
  readonly exclusive: boolean;
  readonly onDelivery: (delivery: Delivery) => void;
  /** Called when the subscription was lost for another reason than the connection, or could not be set up again; it is retried. */
  readonly onFault?: (fault: Fault) => void;
}

export interface Subscribed {
  /**
   * Binds the queue to these and to nothing else that this subscription bound; they are also set up after each
   * reconnect. A failure is told to `onFault`, and the subscription set up again.
   */
  rebind(bindings: Subscription['bindings']): Promise<void>;
  /** Stops deliveries; with `deleteQueue` the queue and what waits in it are gone too. */
  cancel(options?: { deleteQueue?: boolean }): Promise<void>;
}

/**
 * The broker as Muster sees it: confirmed publishing, subscriptions that are set up again after each reconnect,
 * and a state that says why when there is no connection. One conformance suite holds for every implementation.
 */
export interface Bus {
  readonly state: BusState;
  /** How lasting queues of this broker are declared. */
  readonly queueType: QueueType;
  /** Calls `listener` on each change of state, not at once; returns how to stop. */
  onState(listener: (state: BusState) => void): () => void;
  /**
   * Resolves when the broker has taken the message; waits while the broker takes none.
   *
   * Errors: `broker.closed` when it was not sent for want of a connection, `broker.unconfirmed` when the connection was
   * lost before the confirm, or no confirm came for 30 s (it may have been taken), `broker.rejected` when a queue is full (others may have taken it),
   * `broker.unroutable` for mandatory messages that no queue takes, `broker.forbidden` without permission.
   */
  publish(publication: Publication): Promise<Result<void>>;
  /**
   * Declares the queue, binds it and consumes. Needs a connection that is up.
   *
   * Errors: `broker.closed`, `broker.forbidden`, `broker.queue_differs`, `identity.duplicate`.
   */
  subscribe(subscription: Subscription): Promise<Result<Subscribed>>;
  /**
   * Connects with another certificate and key, PEM, from now on. A connection that is up is made anew: what was not confirmed or
   * acknowledged fares as when a connection is lost.
   */
  useCertificate(own: { readonly certificate: string; readonly key: string }): Promise<void>;
  /** Lets consumers, then channels, then the connection go. Never fails. */
  close(): Promise<void>;
}
