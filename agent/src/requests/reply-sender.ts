import { seal, type Compressor, type Signer } from '@muster/protocol/envelope';
import { errorCatalogue } from '@muster/protocol/errors';
import type { Reply } from '@muster/protocol/messages';
import { exchangeName } from '@muster/protocol/topology';
import type { Bus } from '@muster/runtime/bus';
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

/** Signs answers and keeps trying until the broker has them. */
export interface ReplySender {
  /** True when the broker has taken the answer; false when it never will, or the bus was closed. */
  send(answer: Answer, address: Address): Promise<boolean>;
}

/** How long an answer is good for, in milliseconds: as long as its queue lives. */
const ttlMs = 24 * 3600 * 1000;

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

  const sealed = (answer: Answer, collective: string) => {
    const reply: Reply = {
      protocol: 'muster.reply.v1',
      sender: tools.identity,
      collective,
      issuedAtMs: tools.clock(),
      ttlMs,
      nonce: randomId(tools.randomBytes),
      ...answer,
    };
    return seal(reply, tools);
  };

  return {
    async send(answer, { collective, replyTo, persistent }) {
      const body = await sealed(answer, collective);
      if (!body.ok) {
        faultLog.note(body.error, { requestId: answer.requestId });
        return false;
      }
      const publication = {
        exchange: exchangeName(collective, 'reply'),
        routingKey: replyTo,
        body: body.value,
        persistent,
        mandatory: false,
      };
      for (;;) {
        const published = await bus.publish(publication);
        if (published.ok) return true;
        faultLog.note(published.error, { requestId: answer.requestId });
        if (errorCatalogue[published.error.code].retry === 'never' || !(await whenUpAgain(bus))) return false;
      }
    },
  };
}
