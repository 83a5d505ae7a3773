import type { Bus } from '@muster/runtime/bus';

/** A bus that does some things otherwise, and all else as it did. */
export const changedBus = (bus: Bus, changes: Partial<Pick<Bus, 'publish' | 'subscribe'>>): Bus => ({
  queueType: bus.queueType,
  get state() {
    return bus.state;
  },
  onState: (listener) => bus.onState(listener),
  publish: (publication) => bus.publish(publication),
  subscribe: (subscription) => bus.subscribe(subscription),
  useCertificate: (own) => bus.useCertificate(own),
  close: () => bus.close(),
  ...changes,
});
