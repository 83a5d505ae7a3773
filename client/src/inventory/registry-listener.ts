import { open } from '@muster/protocol/envelope';
import { ok, type Result } from '@muster/protocol/errors';
import { parseRegistration, type Registration } from '@muster/protocol/messages';
import { allRegistrations, exchangeName, registryQueue, registryQueueName } from '@muster/protocol/topology';
import type { Delivery, Subscribed } from '@muster/runtime/bus';
import type { Effects } from '../effects.ts';
import type { RejectLog } from '../requests/index.ts';

/** Registrations that are being verified at once. */
const prefetch = 500;

/** A registration that is believed. */
export interface HeardRegistration {
  readonly registration: Registration;
  readonly arrivedAtMs: number;
  /** Until when the certificate holds that signed it. */
  readonly certificateUntilMs?: number;
}

async function read(delivery: Delivery, effects: Effects, nowMs: number): Promise<Result<HeardRegistration>> {
  const { verifier, compressor } = effects;
  const opened = await open(delivery.body, { verifier, compressor, nowMs });
  if (!opened.ok) return opened;
  const registration = parseRegistration(opened.value);
  if (!registration.ok) return registration;
  const { notAfterMs } = opened.value.principal;
  return ok({
    registration: registration.value,
    arrivedAtMs: nowMs,
    ...(notAfterMs === undefined ? {} : { certificateUntilMs: notAfterMs }),
  });
}

/** Hears the registrations of all nodes in some collectives. Errors: those of `Bus.subscribe`. */
export async function listenToRegistry(options: {
  readonly person: string;
  readonly consoleId: string;
  readonly collectives: readonly string[];
  readonly effects: Effects;
  readonly rejects: RejectLog;
  readonly onRegistration: (heard: HeardRegistration) => void;
}): Promise<Result<Subscribed>> {
  const { effects, rejects } = options;

  async function receive(delivery: Delivery): Promise<void> {
    const heard = await read(delivery, effects, effects.clock());
    // What is missed here is learnt when the fleet is asked, so nothing waits to be stored.
    delivery.ack();
    if (heard.ok) options.onRegistration(heard.value);
    else rejects.note(heard.error, { exchange: delivery.exchange });
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
