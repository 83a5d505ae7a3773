import { afterAll, beforeAll } from 'vitest';
import { connectBus, type BrokerSettings } from '@muster/runtime/bus';
import { randomBytes } from '@muster/runtime/crypto';
import { describeBus } from '../../contract/bus/bus-conformance.ts';
import { startTestBroker, type TestBroker } from '../../support/test-broker.ts';

let broker: TestBroker;

beforeAll(async () => {
  broker = await startTestBroker();
});

afterAll(() => broker.stop());

const connect = async (settings: Promise<BrokerSettings>) =>
  connectBus(await settings, { clock: Date.now, randomBytes, backoff: { minMs: 100, maxMs: 500 } });

describeBus('RabbitMQ', () => ({
  person: 'demo',
  collective: 'muster',
  connectNode: () => connect(broker.nodeSettings('node.bus.test')),
  connectPerson: () => connect(broker.personSettings('demo')),
  stop: () => broker.pause(),
  start: () => broker.resume(),
}));
