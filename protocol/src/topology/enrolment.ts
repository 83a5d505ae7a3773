import type { EnrolledRole, Role } from '../identity/index.ts';
import { anyOf, escaped } from './patterns.ts';
import type { Permissions, TopicPermissions } from './permissions.ts';
import type { QueueDeclaration, QueueType } from './queues.ts';

/*
 * How an authority is reached, one for all collectives: whoever asks it publishes to one exchange, which it alone may hear; it answers
 * through another, where everybody may hear what is for a queue of their own.
 */

/** Where requests to the authority go; direct. Routing key = {@link authorityQueueName}. */
export const authorityExchange = 'muster.authority';

/** Where its answers go; topic. Routing key = name of the queue of who asked. */
export const enrolmentExchange = 'muster.enrolment';

/** The exchanges of enrolment, and their kinds. */
export const enrolmentExchanges = { [authorityExchange]: 'direct', [enrolmentExchange]: 'topic' } as const;

/** The queue that the authority reads from, as its only consumer. */
export const authorityQueueName = 'authority';

/** Who asks an authority: one with an invitation, a node or a person. */
export type Applicant = EnrolledRole | Extract<Role, 'join'>;

/** The queue in which one who asks hears the answers; `id` is 32 hexadecimal digits. */
export const enrolmentQueueName = (role: Applicant, name: string, id: string): string =>
  `enrolment.${role}.${name}.${id}`;

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const mebibyte = 1024 * 1024;

/** What waits for the authority: whoever gets no answer asks again, so that nothing old need wait. A full queue refuses what comes next. */
export const authorityQueue = (type: QueueType): QueueDeclaration => ({
  durable: true,
  exclusive: false,
  autoDelete: false,
  arguments: {
    'x-queue-type': type,
    ...(type === 'classic' ? { 'x-queue-version': 2 } : {}),
    'x-message-ttl': minuteMs,
    'x-max-length': 10_000,
    'x-max-length-bytes': 64 * mebibyte,
    'x-overflow': 'reject-publish',
  },
});

/** The ear of one who asks; it goes with the connection. */
export const enrolmentQueue: QueueDeclaration = {
  durable: false,
  exclusive: true,
  autoDelete: true,
  arguments: { 'x-max-length': 100, 'x-message-ttl': minuteMs },
};

const nothing = '^$';

/** The queues of one who asks, as a regular expression; of everybody with the role when there is no name. */
const ownQueues = (role: Applicant, name: string | undefined): string =>
  `enrolment\\.${role}\\.${name === undefined ? '.+' : escaped(name)}\\.[0-9a-f]{32}`;

/** What one needs who asks an authority, beside whatever else the role may do; a name is left out where all of a role share one user. */
export function applicantRights(role: Applicant, name?: string): { readonly [right in keyof Permissions]: string[] } {
  const own = ownQueues(role, name);
  return { configure: [own], write: [own, escaped(authorityExchange)], read: [own, escaped(enrolmentExchange)] };
}

/** What one who asks may hear: answers to its own queues. */
export const applicantTopics = (role: Applicant, name?: string): TopicPermissions => ({
  exchange: enrolmentExchange,
  write: nothing,
  read: anyOf(ownQueues(role, name)),
});

/** What the holder of an invitation may do: ask the authority, and hear its answer. */
export function joinPermissions(invitation: string): Permissions {
  const { configure, write, read } = applicantRights('join', invitation);
  return { configure: anyOf(...configure), write: anyOf(...write), read: anyOf(...read) };
}

export const joinTopicPermissions = (invitation: string): readonly TopicPermissions[] => [
  applicantTopics('join', invitation),
];

/** The queue of the authority, and the one beside it that says who reads from it. */
const authorityQueues = `${escaped(authorityQueueName)}(!seat)?`;

/** What the authority may do: hear who asks, and answer. It reaches no node and no console. */
export const authorityPermissions: Permissions = {
  configure: anyOf(authorityQueues),
  write: anyOf(authorityQueues, escaped(enrolmentExchange)),
  read: anyOf(authorityQueues, escaped(authorityExchange)),
};

export const authorityTopicPermissions: readonly TopicPermissions[] = [
  {
    exchange: enrolmentExchange,
    write: anyOf('enrolment\\.(join|node|person)\\.[\\w.-]+\\.[0-9a-f]{32}'),
    read: nothing,
  },
];
