import { afterAll, beforeAll } from 'vitest';
import { connectBus, type BrokerSettings } from '@muster/runtime/bus';
import { queueTypes, type QueueType } from '@muster/protocol/topology';
import { randomBytes } from '@muster/runtime/crypto';
import { describeBus } from '../../contract/bus/bus-conformance.ts';
import { startTestBroker, type TestBroker } from '../../support/test-broker.ts';

let broker: TestBroker;

beforeAll(async () => {
  broker = await startTestBroker({ passwords: true });
});

afterAll(() => broker.stop());

const connect = async (settings: Promise<BrokerSettings>, queueType: QueueType) =>
  connectBus({ ...(await settings), queueType }, { clock: Date.now, randomBytes, backoff: { minMs: 100, maxMs: 500 } });

for (const queueType of queueTypes) {
  describeBus(`RabbitMQ with ${queueType} queues`, () => ({
    person: 'demo',
    collective: 'muster',
    queueType,
    connectNode: () => connect(broker.anyNodeSettings(), queueType),
    connectPerson: () => connect(broker.personSettings('demo'), queueType),
    stop: () => broker.pause(),
    start: () => broker.resume(),
  }));
}
