import type { ChannelModel } from 'amqplib';
import type { Result } from '@muster/protocol/errors';
import { channelFault } from './amqp-fault.ts';
import { PublishChannel } from './amqp-publish-channel.ts';
import type { Publication } from './bus.ts';

/** Publishes over one channel of one connection, opens a new channel when the broker closed it, and waits while the broker takes nothing. */
export class AmqpPublisher {
  readonly #connection: ChannelModel;
  readonly #underWay = new Set<Promise<unknown>>();
  #channel: Promise<PublishChannel> | null = null;
  #isLost = false;
  /** Resolves when the broker takes messages again, or the connection is lost; null while it takes them. */
  #unblocked: Promise<void> | null = null;
  #unblock: () => void = () => undefined;

  constructor(connection: ChannelModel) {
    this.#connection = connection;
    connection.on('blocked', () => {
      if (!this.#isLost) this.#unblocked ??= new Promise((unblock) => (this.#unblock = unblock));
    });
    connection.on('unblocked', () => this.#goOn());
    connection.on('close', () => {
      this.#isLost = true;
      this.#goOn();
    });
  }

  async publish(publication: Publication): Promise<Result<void>> {
    try {
      const confirmed = (await this.#readyChannel()).send(publication);
      this.#underWay.add(confirmed);
      return await confirmed.finally(() => this.#underWay.delete(confirmed));
    } catch (thrown) {
      return { ok: false, error: channelFault(thrown) };
    }
  }

  /** Waits until everything published has its answer, then closes the channel. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    const channel = await this.#channel?.catch(() => null);
    await channel?.close();
  }

  /** An open channel that takes a message now. Throws when there is no connection for one. */
  async #readyChannel(): Promise<PublishChannel> {
    for (;;) {
      while (this.#unblocked !== null) await this.#unblocked;
      if (this.#isLost) throw new Error('The connection to the broker was lost');
      const current = (this.#channel ??= this.#openChannel());
      const channel = await current;
      await channel.roomForMore();
      if (channel.isOpen && !this.#isBlocked()) return channel;
      // Who waited beside us may have opened the next one already.
      if (!channel.isOpen && this.#channel === current) this.#channel = null;
    }
  }

  #isBlocked(): boolean {
    return this.#unblocked !== null;
  }

  async #openChannel(): Promise<PublishChannel> {
    try {
      return new PublishChannel(await this.#connection.createConfirmChannel());
    } catch (thrown) {
      this.#channel = null;
      throw thrown;
    }
  }

  #goOn(): void {
    this.#unblocked = null;
    this.#unblock();
  }
}
