export { createClosedBus } from './closed-bus.ts';
export { connectBus, type BusOptions } from './amqp-bus.ts';
export { createMemoryBroker, type MemoryBroker } from './memory-bus.ts';
export type { Bus, BusState, Delivery, Publication, Subscribed, Subscription } from './bus.ts';
export type { BrokerSettings } from './settings.ts';
