import type { Request } from '@muster/protocol/messages';
import type { Delivery } from '@muster/runtime/bus';
import { cancelledBefore } from './answer.ts';
import type { Asked, Ending } from './journal/index.ts';
import { CancelledError } from './run-action.ts';

/** What becomes of a request that is cancelled: it will not begin; it is being ended; it runs to its end. */
export type CancelEffect = 'cancelled' | 'stopping' | 'not_cancellable';

/** A request from when it came until there is a verdict on it. */
export class LiveRequest {
  readonly request: Request;
  readonly asked: Asked;
  /** Resolves when it is cancelled before its action began. */
  readonly cancelled: Promise<Ending>;
  /** Called when the action begins. */
  onBegin: () => void = () => undefined;
  /** When its action began, in milliseconds since the epoch; null until then. */
  startedAtMs: number | null = null;
  readonly #deliveries: Delivery[];
  readonly #stopping = new AbortController();
  #isCancellable = false;
  #isCancelled = false;
  #isAcknowledged = false;
  #cancel: (ending: Ending) => void = () => undefined;

  constructor(request: Request, asked: Asked, delivery: Delivery) {
    this.request = request;
    this.asked = asked;
    this.#deliveries = [delivery];
    this.cancelled = new Promise((resolve) => (this.#cancel = resolve));
  }

  /** Whether it was cancelled before its action began. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Aborted when the action must end. */
  get stop(): AbortSignal {
    return this.#stopping.signal;
  }

  /** It was delivered again. */
  join(delivery: Delivery): void {
    if (this.#isAcknowledged) delivery.ack();
    else this.#deliveries.push(delivery);
  }

  /** The broker need not remember it any longer. */
  acknowledge(): void {
    this.#isAcknowledged = true;
    for (const delivery of this.#deliveries.splice(0)) delivery.ack();
  }

  begin(startedAtMs: number, isCancellable: boolean): void {
    this.startedAtMs = startedAtMs;
    this.#isCancellable = isCancellable;
    this.onBegin();
  }

  /** Cancels it on behalf of `cert=NAME`. */
  cancel(by: string): CancelEffect {
    if (this.startedAtMs === null) {
      this.#isCancelled = true;
      this.#cancel(cancelledBefore(by));
      return 'cancelled';
    }
    if (!this.#isCancellable) return 'not_cancellable';
    this.#stopping.abort(new CancelledError(by));
    return 'stopping';
  }

  /** Ends the action, cancellable or not, because the agent stops. */
  abort(reason: Error): void {
    this.#stopping.abort(reason);
  }
}
