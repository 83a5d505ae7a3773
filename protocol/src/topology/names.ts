/**
 * The names of everything on the broker. `broker-config` generates from these, agents and consoles use them,
 * and a test holds both against each other.
 *
 * Each collective has an exchange for each of these purposes. All are of kind topic, for only there the broker asks who may send,
 * and bind, which routing key.
 *
 * - `broadcast`: one publish reaches every node of the collective that has the agent; routing key = agent.
 * - `directed`: one publish reaches one node; routing key = identity.
 * - `reply`: answers; routing key = name of the run's reply queue.
 * - `registry`: registration and lifecycle; routing key = `registration.EVENT.IDENTITY`.
 */
export const exchangePurposes = ['broadcast', 'directed', 'reply', 'registry'] as const;

export type ExchangePurpose = (typeof exchangePurposes)[number];

export const exchangeName = (collective: string, purpose: ExchangePurpose): string => `${collective}.${purpose}`;

/** The one queue of a node, bound in each of its collectives. */
export const nodeQueueName = (identity: string): string => `node.${identity}`;

/** The queue beside one of kind quorum that says who reads from it; no identity has a `!`. */
export const seatQueueName = (queue: string): string => `${queue}!seat`;

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

/** By this key a node registers; the broker takes it from that node alone. */
export const registrationKey = (event: string, identity: string): string => `registration.${event}.${identity}`;
export const allRegistrations = 'registration.#';
