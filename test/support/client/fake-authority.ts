import { open, seal } from '@muster/protocol/envelope';
import { parseEnrolment, type Answer, type Ask } from '@muster/protocol/enrolment';
import { unwrap } from '@muster/protocol/errors';
import {
  authorityExchange,
  authorityQueue,
  authorityQueueName,
  enrolmentExchange,
  enrolmentQueueName,
} from '@muster/protocol/topology';
import type { Bus, Delivery } from '@muster/runtime/bus';
import { compressor, createSigner, createVerifier, randomBytes, randomId } from '@muster/runtime/crypto';
import { issueCertificate, type Authority } from '@muster/runtime/pki';

/** An authority that answers as a test says, with messages that are real. Gives what it was asked, as it comes. */
export async function startFakeAuthority(
  { authority, bus }: { readonly authority: Authority; readonly bus: Bus },
  answer: (ask: Ask) => Promise<Answer> | Answer,
): Promise<readonly Ask[]> {
  const asked: Ask[] = [];
  const name = 'authority';
  const signer = unwrap(await createSigner(await issueCertificate(authority, { role: name, name, validDays: 30 })));
  const verifier = createVerifier({ caPem: authority.certificatePem });

  async function receive(delivery: Delivery): Promise<void> {
    delivery.ack();
    const opened = unwrap(await open(delivery.body, { verifier, compressor, nowMs: Date.now() }));
    const message = unwrap(parseEnrolment(opened));
    asked.push(message.ask);
    const { principal } = opened;
    const said = {
      protocol: 'muster.enrolment-answer.v1',
      sender: name,
      issuedAtMs: Date.now(),
      nonce: randomId(randomBytes),
      askId: message.askId,
      to: { role: principal.role, name: principal.name, fingerprint: principal.fingerprint },
      answer: await answer(message.ask),
    };
    await bus.publish({
      exchange: enrolmentExchange,
      routingKey: enrolmentQueueName(message.role, principal.name, message.queueId),
      body: unwrap(await seal(said, { signer, compressor })),
      persistent: false,
      mandatory: false,
    });
  }

  unwrap(
    await bus.subscribe({
      queue: { name: authorityQueueName, declaration: authorityQueue('classic') },
      bindings: [{ exchange: authorityExchange, routingKey: authorityQueueName }],
      prefetch: 10,
      exclusive: true,
      onDelivery: (delivery) => void receive(delivery),
    }),
  );
  return asked;
}
