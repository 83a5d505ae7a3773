import { createMemoryBroker } from '@muster/runtime/bus';
import { describeBus } from './bus-conformance.ts';

const broker = createMemoryBroker({ collectives: ['muster'], clock: Date.now });

describeBus('the memory broker', () => ({
  person: 'alice',
  collective: 'muster',
  queueType: 'classic',
  connectNode: () => broker.connect(),
  connectPerson: () => broker.connect(),
  stop: () => broker.stop(),
  start: () => broker.start(),
}));
