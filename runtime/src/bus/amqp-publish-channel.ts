import type { ConfirmChannel } from 'amqplib';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import { channelFault } from './amqp-fault.ts';
import type { Publication } from './bus.ts';

/** amqplib's own words for a message that the broker would not take; a lost channel has others. */
const nacked = 'message nacked';

const sayingOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

export interface ConfirmLimit {
  /** How long the broker may take to confirm a message, in milliseconds. */
  readonly answerMs: number;
  /** Whether the broker takes no messages just now: then it may take as long as it likes. */
  readonly isBlocked: () => boolean;
}

/**
 * A channel with confirms: what is sent on it is taken, returned or refused by the broker, lost with the channel, or not confirmed in time, as when
 * a queue of a cluster has lost its leader (RabbitMQ 3.10).
 */
export class PublishChannel {
  readonly #channel: ConfirmChannel;
  readonly #limit: ConfirmLimit;
  readonly #returned = new Set<string>();
  /** What the broker closed the channel with; nothing when it went with its connection. */
  #closedBy: { readonly fault: Fault; readonly saying: string } | null = null;
  #isOpen = true;
  #nextId = 1;
  /** Resolves when there is room for more; null while there is. */
  #room: Promise<void> | null = null;
  #makeRoom: () => void = () => undefined;

  constructor(channel: ConfirmChannel, limit: ConfirmLimit) {
    this.#channel = channel;
    this.#limit = limit;
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
    const confirmed = Promise.withResolvers<Result<void>>();
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
      (error: unknown) => confirmed.resolve(this.#resultOf(publication, messageId, error)),
    );
    if (!hasRoom) this.#room ??= new Promise((makeRoom) => (this.#makeRoom = makeRoom));
    return this.#inTime(confirmed.promise);
  }

  async #inTime(confirmed: Promise<Result<void>>): Promise<Result<void>> {
    const { answerMs, isBlocked } = this.#limit;
    const late = Promise.withResolvers<Result<void>>();
    const timer = setTimeout(() => {
      if (isBlocked()) timer.refresh();
      else late.resolve(fail('broker.unconfirmed', `The broker did not confirm the message for ${answerMs} ms`));
    }, answerMs);
    try {
      return await Promise.race([confirmed, late.promise]);
    } finally {
      clearTimeout(timer);
    }
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
