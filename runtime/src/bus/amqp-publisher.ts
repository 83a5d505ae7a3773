import type { ChannelModel } from 'amqplib';
import type { Result } from '@muster/protocol/errors';
import { channelFault } from './amqp-fault.ts';
import { PublishChannel } from './amqp-publish-channel.ts';
import type { Publication } from './bus.ts';

/** How long a channel is used at least, in milliseconds: a queue that is full for long must not cost a channel a message. */
const leastAgeMs = 1000;

/** Whether a message fared so that the next may fare better on another channel. */
const isDistrusted = (result: Result<void>): boolean =>
  !result.ok && (result.error.code === 'broker.rejected' || result.error.code === 'broker.unconfirmed');

/**
 * Publishes over one channel of one connection, and waits while the broker takes nothing. It opens a new channel when the broker
 * closed it, or refused a message on it, or did not confirm one in time: a broker of a cluster goes on refusing what a channel
 * sends to a queue when that channel saw the queue first while its leader was lost (RabbitMQ 3.10), though the queue has another
 * leader by now.
 */
export class AmqpPublisher {
  readonly #connection: ChannelModel;
  readonly #answerMs: number;
  readonly #underWay = new Set<Promise<unknown>>();
  #channel: Promise<PublishChannel> | null = null;
  #openedAtMs = 0;
  #isLost = false;
  /** Resolves when the broker takes messages again, or the connection is lost; null while it takes them. */
  #unblocked: Promise<void> | null = null;
  #unblock: () => void = () => undefined;

  /** A message that the broker has not confirmed within `answerMs` milliseconds, while it takes messages, counts as unconfirmed. */
  constructor(connection: ChannelModel, answerMs: number) {
    this.#connection = connection;
    this.#answerMs = answerMs;
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
      const channel = await this.#readyChannel();
      const used = this.#channel;
      const confirmed = channel.send(publication);
      this.#underWay.add(confirmed);
      const result = await confirmed.finally(() => this.#underWay.delete(confirmed));
      if (isDistrusted(result) && channel.isOpen && this.#channel === used) this.#replace(channel);
      return result;
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

  /** Publishes what comes next on another channel. */
  #replace(channel: PublishChannel): void {
    if (performance.now() - this.#openedAtMs < leastAgeMs) return;
    this.#channel = null;
    void Promise.allSettled(this.#underWay).then(() => channel.close());
  }

  #isBlocked(): boolean {
    return this.#unblocked !== null;
  }

  async #openChannel(): Promise<PublishChannel> {
    this.#openedAtMs = performance.now();
    try {
      return new PublishChannel(await this.#connection.createConfirmChannel(), {
        answerMs: this.#answerMs,
        isBlocked: () => this.#isBlocked(),
      });
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
