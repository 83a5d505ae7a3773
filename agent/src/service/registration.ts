import { seal, type Compressor, type Signer } from '@muster/protocol/envelope';
import { faultFrom } from '@muster/protocol/errors';
import type { Registration } from '@muster/protocol/messages';
import { exchangeName, registrationKey } from '@muster/protocol/topology';
import type { Bus } from '@muster/runtime/bus';
import { randomId } from '@muster/runtime/crypto';
import type { Clock, RandomBytes } from '@muster/runtime/effects';
import type { Logger } from '@muster/runtime/logging';
import type { NodeView } from '../node/index.ts';
import type { Digests } from './digests.ts';

export interface RegistrationParts {
  readonly node: NodeView;
  readonly bus: Bus;
  readonly signer: Signer;
  readonly compressor: Compressor;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly logger: Logger;
  /** Time between two signs of life, in milliseconds. */
  readonly intervalMs: number;
  /** Whether the first interval is cut short at random. */
  readonly splay: boolean;
}

/** Tells whoever listens that the node is there, and when what it says of itself has changed. */
export interface Registrar {
  /** Says `started`, then `alive` at each interval and `changed` soon after a change. */
  start(): Promise<void>;
  /** After a reconnect: says `alive` within some seconds, each node at a moment of its own, for who has missed it. */
  reconnected(): void;
  /** Looks for changes now. */
  check(): Promise<void>;
  /** Says `stopped`. */
  stop(): Promise<void>;
}

/** How often sources are asked for changes, in milliseconds; asking costs a look at modification times. */
const checkEveryMs = 30_000;

/** Within how long all nodes say after a reconnect that they are alive, in milliseconds. */
const reconnectedWithinMs = 10_000;

/** A share of the whole, between 0 and 1. */
const randomShare = (randomBytes: RandomBytes): number => {
  const [high = 0, low = 0] = randomBytes(2);
  return (high * 256 + low) / 65_536;
};

const same = (left: Digests, right: Digests): boolean =>
  left.facts === right.facts &&
  left.classes === right.classes &&
  left.agents === right.agents &&
  left.collectives === right.collectives;

export function createRegistrar(parts: RegistrationParts): Registrar {
  const { node, bus, clock, logger, intervalMs } = parts;
  let told: Digests | undefined;
  let aliveAtMs = Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let last: Promise<void> = Promise.resolve();

  /** One after the other: whoever asks for changes while the node says something for the first time has them compared with that. */
  function inTurn(step: () => Promise<void>): Promise<void> {
    last = last.then(step, step);
    return last;
  }

  async function publish(event: Registration['event'], collective: string, current: Digests): Promise<void> {
    const registration: Registration = {
      protocol: 'muster.registration.v1',
      sender: node.identity,
      collective,
      issuedAtMs: clock(),
      ttlMs: 2 * intervalMs,
      nonce: randomId(parts.randomBytes),
      event,
      agentVersion: node.version,
      startedAtMs: node.startedAtMs,
      digests: current,
      recipient: node.recipient,
    };
    const body = await seal(registration, parts);
    const published = body.ok
      ? await bus.publish({
          exchange: exchangeName(collective, 'registry'),
          routingKey: registrationKey(event, node.identity),
          body: body.value,
          persistent: false,
          mandatory: false,
        })
      : body;
    // The next sign of life says the same.
    if (!published.ok)
      logger.debug({ event: published.error.code, collective }, `no registration: ${published.error.message}`);
  }

  async function tell(event: Registration['event']): Promise<void> {
    try {
      const current = await node.digests();
      told = current;
      aliveAtMs = clock() + intervalMs;
      for (const collective of node.collectives) await publish(event, collective, current);
    } catch (thrown) {
      logger.warn({ event: 'registration.failed', reason: faultFrom(thrown).message }, 'the node could not register');
    }
  }

  const check = (): Promise<void> =>
    inTurn(async () => {
      if (clock() >= aliveAtMs) return tell('alive');
      if (told !== undefined && !same(told, await node.digests())) await tell('changed');
    });

  function schedule(): void {
    clearTimeout(timer);
    const waitMs = Math.max(0, Math.min(checkEveryMs, aliveAtMs - clock()));
    timer = setTimeout(() => {
      void check()
        .catch((thrown: unknown) =>
          logger.warn(
            { event: 'registration.failed', reason: faultFrom(thrown).message },
            'the node could not register',
          ),
        )
        .finally(() => {
          if (!stopped) schedule();
        });
    }, waitMs);
  }

  return {
    async start() {
      await inTurn(() => tell('started'));
      if (parts.splay) aliveAtMs = clock() + intervalMs * randomShare(parts.randomBytes);
      schedule();
    },
    reconnected() {
      if (told === undefined || stopped) return;
      aliveAtMs = Math.min(aliveAtMs, clock() + reconnectedWithinMs * randomShare(parts.randomBytes));
      schedule();
    },
    check,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      if (told !== undefined && bus.state.status === 'up') await tell('stopped');
    },
  };
}
