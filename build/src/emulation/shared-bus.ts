import type { Bus, Subscribed } from '@muster/runtime/bus';

/** One agent's part of a connection that many agents share: closing it ends that agent's subscriptions alone. */
export function partOfBus(bus: Bus): Bus {
  const subscribed: Subscribed[] = [];
  const unlisten: (() => void)[] = [];
  return {
    get state() {
      return bus.state;
    },
    queueType: bus.queueType,
    onState(listener) {
      const stop = bus.onState(listener);
      unlisten.push(stop);
      return stop;
    },
    publish: (publication) => bus.publish(publication),
    async subscribe(subscription) {
      const result = await bus.subscribe(subscription);
      if (result.ok) subscribed.push(result.value);
      return result;
    },
    // The connection is not this agent's: it stays as it is.
    useCertificate: () => Promise.resolve(),
    async close() {
      for (const stop of unlisten) stop();
      await Promise.all(subscribed.map((one) => one.cancel()));
    },
  };
}
