import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import { channelFault } from './amqp-fault.ts';
import type { Publication } from './bus.ts';

/**
 * Publishes with confirms over one channel of one connection, and opens a new channel when the broker closed it.
 * A returned message is told from its confirm by its id: the broker returns first.
 */
export class AmqpPublisher {
  readonly #connection: ChannelModel;
  readonly #returned = new Set<string>();
  #channel: Promise<ConfirmChannel> | null = null;
  #drained: Promise<void> | null = null;
  #closedBy: Fault | null = null;
  #inFlight = new Set<Promise<unknown>>();
  #nextId = 1;

  constructor(connection: ChannelModel) {
    this.#connection = connection;
  }

  async publish(publication: Publication): Promise<Result<void>> {
    try {
      while (this.#drained !== null) await this.#drained;
      this.#channel ??= this.#open();
      const confirmed = this.#send(await this.#channel, publication);
      this.#inFlight.add(confirmed);
      return await confirmed.finally(() => this.#inFlight.delete(confirmed));
    } catch (thrown) {
      return { ok: false, error: this.#closedBy ?? channelFault(thrown) };
    }
  }

  /** Waits until everything published has its answer, then closes the channel. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#inFlight);
    const channel = await this.#channel?.catch(() => null);
    await channel?.close().catch(() => undefined);
  }

  async #open(): Promise<ConfirmChannel> {
    const channel = await this.#connection.createConfirmChannel();
    this.#closedBy = null;
    channel.on('error', (thrown: unknown) => {
      this.#closedBy = channelFault(thrown);
    });
    channel.on('close', () => {
      this.#channel = null;
    });
    channel.on('return', (message: { properties: { messageId?: unknown } }) => {
      if (typeof message.properties.messageId === 'string') this.#returned.add(message.properties.messageId);
    });
    return channel;
  }

  #send(channel: ConfirmChannel, publication: Publication): Promise<Result<void>> {
    const messageId = String(this.#nextId++);
    return new Promise((resolve) => {
      const settle = (error: unknown) => {
        const returned = this.#returned.delete(messageId);
        if (error !== null && error !== undefined) {
          resolve({ ok: false, error: this.#closedBy ?? channelFault(error, 'broker.unconfirmed') });
        } else if (returned)
          resolve(fail('broker.unroutable', `No queue takes messages for "${publication.routingKey}"`));
        else resolve(ok(undefined));
      };
      const hasRoom = channel.publish(
        publication.exchange,
        publication.routingKey,
        Buffer.from(publication.body.buffer, publication.body.byteOffset, publication.body.length),
        {
          messageId,
          persistent: publication.persistent,
          mandatory: publication.mandatory,
          ...(publication.expirationMs === undefined
            ? {}
            : { expiration: String(Math.max(0, Math.ceil(publication.expirationMs))) }),
        },
        settle,
      );
      if (!hasRoom) this.#awaitDrain(channel);
    });
  }

  #awaitDrain(channel: ConfirmChannel): void {
    this.#drained ??= new Promise((resolve) => {
      const goOn = () => {
        this.#drained = null;
        resolve();
      };
      channel.once('drain', goOn);
      channel.once('close', goOn);
    });
  }
}
