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
  reply: 'direct',
  /** Registration and lifecycle; routing key = `registration.EVENT`. */
  registry: 'topic',
} as const;

export type ExchangePurpose = keyof typeof exchangeKinds;

export const exchangeName = (collective: string, purpose: ExchangePurpose): string => `${collective}.${purpose}`;

/** The one queue of a node, bound in each of its collectives. */
export const nodeQueueName = (identity: string): string => `node.${identity}`;

/** The queue that answers to one run of a person arrive in. */
export const replyQueueName = (person: string, requestId: string): string => `reply.${person}.${requestId}`;

/** The queue through which one console of a person hears of registrations. */
export const registryQueueName = (person: string, consoleId: string): string => `registry.${person}.${consoleId}`;

export const registrationKey = (event: string): string => `registration.${event}`;
export const allRegistrations = 'registration.*';
