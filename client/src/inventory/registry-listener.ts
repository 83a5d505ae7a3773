import { open } from '@muster/protocol/envelope';
import { ok, type Result } from '@muster/protocol/errors';
import { parseRegistration, type Registration } from '@muster/protocol/messages';
import { allRegistrations, exchangeName, registryQueue, registryQueueName } from '@muster/protocol/topology';
import type { Delivery, Subscribed } from '@muster/runtime/bus';
import type { Effects } from '../effects.ts';
import type { RejectLog } from '../requests/index.ts';

/** Registrations that are being verified at once. */
const prefetch = 500;

async function read(delivery: Delivery, effects: Effects, nowMs: number): Promise<Result<Registration>> {
  const { verifier, compressor } = effects;
  const opened = await open(delivery.body, { verifier, compressor, nowMs });
  return opened.ok ? parseRegistration(opened.value) : opened;
}

/** Hears the registrations of all nodes in some collectives. Errors: those of `Bus.subscribe`. */
export async function listenToRegistry(options: {
  readonly person: string;
  readonly consoleId: string;
  readonly collectives: readonly string[];
  readonly effects: Effects;
  readonly rejects: RejectLog;
  readonly onRegistration: (registration: Registration, arrivedAtMs: number) => void;
}): Promise<Result<Subscribed>> {
  const { effects, rejects } = options;

  async function receive(delivery: Delivery): Promise<void> {
    const arrivedAtMs = effects.clock();
    const registration = await read(delivery, effects, arrivedAtMs);
    // What is missed here is learnt when the fleet is asked, so nothing waits to be stored.
    delivery.ack();
    if (registration.ok) options.onRegistration(registration.value, arrivedAtMs);
    else rejects.note(registration.error, { exchange: delivery.exchange });
  }

  const subscribed = await effects.bus.subscribe({
    queue: { name: registryQueueName(options.person, options.consoleId), declaration: registryQueue },
    bindings: options.collectives.map((collective) => ({
      exchange: exchangeName(collective, 'registry'),
      routingKey: allRegistrations,
    })),
    prefetch,
    exclusive: true,
    onDelivery: (delivery) => void receive(delivery),
    onFault: (fault) => effects.logger.warn({ code: fault.code }, `registrations are not heard: ${fault.message}`),
  });
  return subscribed.ok ? ok(subscribed.value) : subscribed;
}
