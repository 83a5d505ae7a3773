import { errorCatalogue, ok, type Result } from '@muster/protocol/errors';
import type { ConversationOrder } from '../requests/index.ts';
import type { Recipients } from '../sealing/index.ts';
import type { BrokerWait } from './broker-wait.ts';
import { splitInputs, type PreparedOrder } from './prepare-order.ts';

/** Between two attempts to ask nodes, in milliseconds. */
const againMs = 1000;

/** The sensitive inputs of one run, and to what they are sealed for each of its nodes. */
export class SecretInputs {
  readonly #order: PreparedOrder;
  readonly #inputs: ConversationOrder['inputs'];
  readonly #recipients: Recipients;
  readonly #broker: BrokerWait;
  readonly #signal: AbortSignal;
  readonly #recipientOf = new Map<string, string>();

  constructor(order: PreparedOrder, recipients: Recipients, broker: BrokerWait, signal: AbortSignal) {
    this.#order = order;
    this.#inputs = splitInputs(order).secret;
    this.#recipients = recipients;
    this.#broker = broker;
    this.#signal = signal;
  }

  /** Whether the run has none. */
  get isEmpty(): boolean {
    return Object.keys(this.#inputs).length === 0;
  }

  /** What a conversation has to know of them. */
  get sealed(): Pick<ConversationOrder, 'secrets'> {
    if (this.isEmpty) return {};
    return { secrets: { inputs: this.#inputs, recipientOf: (identity) => this.#recipientOf.get(identity) } };
  }

  /** Tells the nodes for which it is known to what they are sealed from those that have to be asked. Errors: `storage.*`. */
  async lookUp(
    identities: readonly string[],
  ): Promise<Result<{ readonly known: readonly string[]; readonly unknown: readonly string[] }>> {
    const found = await this.#recipients.known(identities);
    if (!found.ok) return found;
    this.#learn(found.value);
    return ok({
      known: identities.filter((identity) => found.value.has(identity)),
      unknown: identities.filter((identity) => !found.value.has(identity)),
    });
  }

  /** Asks these nodes; of who does not answer nothing is known. Errors: those of `Recipients.ask` that no waiting mends, any when the run is let go. */
  async ask(identities: readonly string[]): Promise<Result<void>> {
    for (;;) {
      const asked = await this.#recipients.ask(identities, this.#order.collective, this.#signal);
      if (asked.ok) {
        this.#learn(asked.value);
        return ok(undefined);
      }
      if (errorCatalogue[asked.error.code].retry === 'never' || !(await this.#broker.whenUp())) return asked;
      if (!(await this.#broker.pause(againMs))) return asked;
    }
  }

  /** A node refused the request: it may be that it has another key now, so that it is asked before the next time. */
  refused(identity: string): void {
    if (!this.isEmpty) void this.#recipients.forget(identity);
  }

  #learn(recipients: ReadonlyMap<string, string>): void {
    for (const [identity, recipient] of recipients) this.#recipientOf.set(identity, recipient);
  }
}
