import { applicantRights, applicantTopics } from './enrolment.ts';
import { exchangeName, undeliveredExchange, type ExchangePurpose } from './names.ts';
import { anyOf, escaped } from './patterns.ts';

/** RabbitMQ permissions of a user: regular expressions over names of queues and exchanges. */
export interface Permissions {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

/** What routing keys a user may send to a topic exchange, and bind queues to; regular expressions. */
export interface TopicPermissions {
  readonly exchange: string;
  readonly write: string;
  readonly read: string;
}

/** All that a user may do. An exchange of kind topic that `topics` does not name takes every key. */
export interface Rights {
  readonly permissions: Permissions;
  readonly topics: readonly TopicPermissions[];
}

const nothing = '^$';
const exchanges = (collectives: readonly string[], ...purposes: readonly ExchangePurpose[]): string[] =>
  collectives.flatMap((collective) => purposes.map((purpose) => escaped(exchangeName(collective, purpose))));

/** A run's queue for answers, or the key of what died, after the words before it. */
const ofRequest = (...words: readonly string[]): string => `${words.join('\\.')}\\.[0-9a-f]{1,64}`;

/**
 * What a node may do: have its own queue, hear requests for its agents and for itself, answer, register, and ask the authority.
 * Nothing that reaches another node. Without an identity these are the rights of an account that all nodes share: of any node.
 */
export function nodeRights(identity: string | null, collectives: readonly string[]): Rights {
  const name = identity === null ? '[\\w.-]+' : escaped(identity);
  const queue = `node\\.${name}(!seat)?`;
  const asking = applicantRights('node', identity ?? undefined);
  return {
    permissions: {
      configure: anyOf(queue, ...asking.configure),
      write: anyOf(queue, ...asking.write, ...exchanges(collectives, 'reply', 'registry')),
      read: anyOf(queue, ...asking.read, ...exchanges(collectives, 'broadcast', 'directed')),
    },
    topics: [
      applicantTopics('node', identity ?? undefined),
      ...collectives.flatMap((collective) => [
        { exchange: exchangeName(collective, 'broadcast'), write: nothing, read: anyOf('\\w+') },
        { exchange: exchangeName(collective, 'directed'), write: nothing, read: anyOf(name) },
        { exchange: exchangeName(collective, 'reply'), write: anyOf(ofRequest('reply', '[\\w.-]+')), read: nothing },
        {
          exchange: exchangeName(collective, 'registry'),
          write: anyOf(`registration\\.[a-z]+\\.${name}`),
          read: nothing,
        },
      ]),
    ],
  };
}

/**
 * What one person may do: send requests, take locks, ask the authority, and hear registrations, answers to their own requests, and
 * those of their requests that died.
 */
export function personRights(person: string, collectives: readonly string[]): Rights {
  const own = ofRequest('(reply|registry)', escaped(person));
  const locks = `lock\\.(${collectives.map(escaped).join('|')})\\.\\w+\\.\\w+`;
  const asking = applicantRights('person', person);
  return {
    permissions: {
      configure: anyOf(own, locks, ...asking.configure),
      write: anyOf(own, locks, ...asking.write, ...exchanges(collectives, 'broadcast', 'directed')),
      read: anyOf(
        own,
        locks,
        escaped(undeliveredExchange),
        ...asking.read,
        ...exchanges(collectives, 'reply', 'registry'),
      ),
    },
    topics: [
      applicantTopics('person', person),
      { exchange: undeliveredExchange, write: nothing, read: anyOf(ofRequest('undelivered', escaped(person))) },
      ...collectives.map((collective) => ({
        exchange: exchangeName(collective, 'reply'),
        write: nothing,
        read: anyOf(ofRequest('reply', escaped(person))),
      })),
    ],
  };
}
