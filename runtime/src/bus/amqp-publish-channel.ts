import type { ConfirmChannel } from 'amqplib';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import { channelFault } from './amqp-fault.ts';
import type { Publication } from './bus.ts';

/** amqplib's own words for a message that the broker would not take; a lost channel has others. */
const nacked = 'message nacked';

const sayingOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** A channel with confirms: what is sent on it is taken, returned or refused by the broker, or lost with the channel. */
export class PublishChannel {
  readonly #channel: ConfirmChannel;
  readonly #returned = new Set<string>();
  /** What the broker closed the channel with; nothing when it went with its connection. */
  #closedBy: { readonly fault: Fault; readonly saying: string } | null = null;
  #isOpen = true;
  #nextId = 1;
  /** Resolves when there is room for more; null while there is. */
  #room: Promise<void> | null = null;
  #makeRoom: () => void = () => undefined;

  constructor(channel: ConfirmChannel) {
    this.#channel = channel;
    channel.on('error', (thrown: unknown) => {
      this.#closedBy = { fault: channelFault(thrown), saying: sayingOf(thrown) };
    });
    channel.on('close', () => {
      this.#isOpen = false;
      this.#goOn();
    });
    channel.on('drain', () => this.#goOn());
    channel.on('return', (message: { properties: { messageId?: unknown } }) => {
      if (typeof message.properties.messageId === 'string') this.#returned.add(message.properties.messageId);
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Waits until the socket takes more, or the channel is closed. */
  async roomForMore(): Promise<void> {
    while (this.#room !== null) await this.#room;
  }

  /** Needs an open channel. */
  send(publication: Publication): Promise<Result<void>> {
    const messageId = String(this.#nextId++);
    return new Promise((resolve) => {
      const hasRoom = this.#channel.publish(
        publication.exchange,
        publication.routingKey,
        Buffer.from(publication.body.buffer, publication.body.byteOffset, publication.body.length),
        {
          messageId,
          persistent: publication.persistent,
          mandatory: publication.mandatory,
          // A second routing key: a queue that lets the message die sends it on under both.
          ...(publication.undeliveredKey === undefined ? {} : { CC: [publication.undeliveredKey] }),
          ...(publication.expirationMs === undefined
            ? {}
            : { expiration: String(Math.max(0, Math.ceil(publication.expirationMs))) }),
        },
        (error: unknown) => resolve(this.#resultOf(publication, messageId, error)),
      );
      if (!hasRoom) this.#room ??= new Promise((makeRoom) => (this.#makeRoom = makeRoom));
    });
  }

  async close(): Promise<void> {
    await this.#channel.close().catch(() => undefined);
  }

  /** The broker returns before it confirms, and tells why it closes a channel before the channel is closed. */
  #resultOf(publication: Publication, messageId: string, error: unknown): Result<void> {
    const returned = this.#returned.delete(messageId);
    if (error === null || error === undefined) {
      if (!returned) return ok(undefined);
      return fail('broker.unroutable', `No queue takes messages for "${publication.routingKey}"`);
    }
    if (sayingOf(error) === nacked) {
      return fail('broker.rejected', `A queue for "${publication.routingKey}" is full, or cannot be written to`);
    }
    // The broker closes the channel over one message; what else was under way on it has done nothing wrong.
    if (this.#closedBy?.saying.includes(`exchange '${publication.exchange}'`)) {
      return { ok: false, error: this.#closedBy.fault };
    }
    return fail('broker.unconfirmed', 'The channel was lost before the broker had confirmed the message');
  }

  #goOn(): void {
    this.#room = null;
    this.#makeRoom();
  }
}
