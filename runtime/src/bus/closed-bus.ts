import { fail } from '@muster/protocol/errors';
import type { Bus } from './bus.ts';

const none = () => Promise.resolve(fail('broker.closed', 'There is no connection to the broker'));

/** A bus that was never connected, for work that needs no broker. */
export const createClosedBus = (nowMs: number): Bus => ({
  state: { status: 'closed', sinceMs: nowMs },
  queueType: 'classic',
  onState: () => () => undefined,
  publish: none,
  subscribe: none,
  useCertificate: () => Promise.resolve(),
  close: () => Promise.resolve(),
});
