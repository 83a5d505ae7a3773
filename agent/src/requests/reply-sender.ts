import { limits, seal, type Compressor, type Signer } from '@muster/protocol/envelope';
import { errorCatalogue } from '@muster/protocol/errors';
import type { Notice, Reply } from '@muster/protocol/messages';
import { exchangeName } from '@muster/protocol/topology';
import type { Bus, Publication } from '@muster/runtime/bus';
import { randomId } from '@muster/runtime/crypto';
import type { Clock, RandomBytes } from '@muster/runtime/effects';
import type { FaultLog } from './fault-log.ts';
import { whenUpAgain } from './when-up.ts';

/** Whom an answer goes to, and to what. */
interface Address {
  readonly collective: string;
  readonly replyTo: string;
  /** Survives a restart of the broker. */
  readonly persistent: boolean;
}

export type Answer = Pick<
  Reply,
  'requestId' | 'agent' | 'action' | 'outcome' | 'statusCode' | 'statusMessage' | 'data' | 'timings'
>;

/**
 * What became of an answer: the broker has it; nobody can get it, because its queue is gone or it cannot be sent at all; the bus
 * was closed before the broker had it.
 */
export type Sent = 'taken' | 'undeliverable' | 'closed';

/** Signs answers and keeps trying until the broker has them. */
export interface ReplySender {
  send(answer: Answer, address: Address): Promise<Sent>;
  /** Sends word of a request whose answer takes a while; once, since it may as well be lost. */
  sendNotice(
    notice: Pick<Notice, 'requestId' | 'state' | 'startedAtMs'>,
    address: Omit<Address, 'persistent'>,
  ): Promise<void>;
}

/** How long an answer is good for, in milliseconds: as long as its queue may live. */
const ttlMs = limits.ttlMs;

/**
 * How often an answer is sent before its queue counts as gone, a quarter of a second apart: when console and node are at two sites, the
 * answer may be quicker than word of the queue.
 */
const queueTries = 9;

/** How long a notice is good for, in milliseconds. */
const noticeTtlMs = 60_000;

export function createReplySender(tools: {
  readonly identity: string;
  readonly bus: Bus;
  readonly signer: Signer;
  readonly compressor: Compressor;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly faultLog: FaultLog;
}): ReplySender {
  const { bus, faultLog } = tools;

  const header = (collective: string, goodForMs: number) => ({
    sender: tools.identity,
    collective,
    issuedAtMs: tools.clock(),
    ttlMs: goodForMs,
    nonce: randomId(tools.randomBytes),
  });

  const publication = (body: Uint8Array, { collective, replyTo, persistent }: Address): Publication => ({
    exchange: exchangeName(collective, 'reply'),
    routingKey: replyTo,
    body,
    persistent,
    mandatory: false,
  });

  return {
    async send(answer, address) {
      const reply: Reply = { protocol: 'muster.reply.v1', ...header(address.collective, ttlMs), ...answer };
      const body = await seal(reply, tools);
      if (!body.ok) {
        faultLog.note(body.error, { requestId: answer.requestId });
        return 'undeliverable';
      }
      // An answer without a queue to wait in would be lost without a word.
      const mandatory = { ...publication(body.value, address), mandatory: true };
      for (let tries = 1; ; tries++) {
        const published = await bus.publish(mandatory);
        if (published.ok) return 'taken';
        const { code } = published.error;
        if (code === 'broker.unroutable' && tries < queueTries) {
          if (!(await whenUpAgain(bus))) return 'closed';
          continue;
        }
        faultLog.note(published.error, { requestId: answer.requestId });
        if (code === 'broker.unroutable' || errorCatalogue[code].retry === 'never') return 'undeliverable';
        if (!(await whenUpAgain(bus))) return 'closed';
      }
    },
    async sendNotice(notice, address) {
      const message: Notice = { protocol: 'muster.notice.v1', ...header(address.collective, noticeTtlMs), ...notice };
      const body = await seal(message, tools);
      if (body.ok) await bus.publish(publication(body.value, { ...address, persistent: false }));
    },
  };
}
