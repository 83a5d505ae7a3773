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

const nothing = '^$';
const exchanges = (collectives: readonly string[], ...purposes: readonly ExchangePurpose[]): string[] =>
  collectives.flatMap((collective) => purposes.map((purpose) => escaped(exchangeName(collective, purpose))));

/** What nodes may do: own node queues, hear requests, answer and register, ask the authority. Nothing that reaches another node. */
export function nodePermissions(collectives: readonly string[]): Permissions {
  const asking = applicantRights('node');
  return {
    configure: anyOf('node\\..+', ...asking.configure),
    write: anyOf('node\\..+', ...asking.write, ...exchanges(collectives, 'reply', 'registry')),
    read: anyOf('node\\..+', ...asking.read, ...exchanges(collectives, 'broadcast', 'directed')),
  };
}

/** What nodes may say: answers, and registrations. */
export const nodeTopicPermissions = (collectives: readonly string[]): readonly TopicPermissions[] => [
  applicantTopics('node'),
  ...collectives.flatMap((collective) => [
    { exchange: exchangeName(collective, 'reply'), write: anyOf('reply\\..+'), read: nothing },
    { exchange: exchangeName(collective, 'registry'), write: anyOf('registration\\.[a-z]+'), read: nothing },
  ]),
];

/** What one person may do: send requests, take locks, read from queues that carry their own name, and ask the authority. */
export const personPermissions = (person: string, collectives: readonly string[]): Permissions => {
  const own = `(reply|registry)\\.${escaped(person)}\\.[0-9a-f]+`;
  const asking = applicantRights('person', person);
  const locks = `lock\\.(${collectives.map(escaped).join('|')})\\..+`;
  return {
    configure: anyOf(own, locks, ...asking.configure),
    write: anyOf(own, locks, ...asking.write, ...exchanges(collectives, 'broadcast', 'directed')),
    read: anyOf(
      own,
      locks,
      escaped(undeliveredExchange),
      ...asking.read,
      ...exchanges(collectives, 'reply', 'registry'),
    ),
  };
};

/** What one person may hear of: answers to their own requests, and those of their requests that died. */
export const personTopicPermissions = (person: string, collectives: readonly string[]): readonly TopicPermissions[] => [
  applicantTopics('person', person),
  { exchange: undeliveredExchange, write: nothing, read: anyOf(`undelivered\\.${escaped(person)}\\.[0-9a-f]+`) },
  ...collectives.map((collective) => ({
    exchange: exchangeName(collective, 'reply'),
    write: nothing,
    read: anyOf(`reply\\.${escaped(person)}\\.[0-9a-f]+`),
  })),
];
