/**
 * The names of everything on the broker. `broker-config` generates from these, agents and consoles use them,
 * and a test holds both against each other.
 */
export const exchangeKinds = {
  /** One publish reaches every node of the collective that has the agent; routing key = agent. */
  broadcast: 'topic',
  /** One publish reaches one node; routing key = identity. */
  directed: 'direct',
  /** Answers; routing key = name of the run's reply queue. */
  reply: 'topic',
  /** Registration and lifecycle; routing key = `registration.EVENT`. */
  registry: 'topic',
} as const;

export type ExchangePurpose = keyof typeof exchangeKinds;

export const exchangeName = (collective: string, purpose: ExchangePurpose): string => `${collective}.${purpose}`;

/** The one queue of a node, bound in each of its collectives. */
export const nodeQueueName = (identity: string): string => `node.${identity}`;

/** The queue that answers to one run of a person arrive in. */
export const replyQueueName = (person: string, requestId: string): string => `reply.${person}.${requestId}`;

/** Where requests go that a node's queue let die, one for all collectives; routing key = {@link undeliveredKey}. */
export const undeliveredExchange = 'muster.undelivered';

/** By this key a request that died in a node's queue comes back to the person who sent it. */
export const undeliveredKey = (person: string, requestId: string): string => `undelivered.${person}.${requestId}`;

/** The queue whose one consumer may run an action that runs one at a time in its collective. */
export const lockQueueName = (collective: string, agent: string, action: string): string =>
  `lock.${collective}.${agent}.${action}`;

/** The queue through which one console of a person hears of registrations. */
export const registryQueueName = (person: string, consoleId: string): string => `registry.${person}.${consoleId}`;

export const registrationKey = (event: string): string => `registration.${event}`;
export const allRegistrations = 'registration.*';
