import { exchangeName, type ExchangePurpose } from './names.ts';

/** RabbitMQ permissions of a user: regular expressions over names of queues and exchanges. */
export interface Permissions {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&');
const anyOf = (...alternatives: readonly string[]): string => `^(${alternatives.join('|')})$`;
const exchanges = (collectives: readonly string[], ...purposes: readonly ExchangePurpose[]): string[] =>
  collectives.flatMap((collective) => purposes.map((purpose) => escaped(exchangeName(collective, purpose))));

/** What nodes may do: own node queues, hear requests, answer and register. Nothing that reaches another node. */
export const nodePermissions = (collectives: readonly string[]): Permissions => ({
  configure: anyOf('node\\..+'),
  write: anyOf('node\\..+', ...exchanges(collectives, 'reply', 'registry')),
  read: anyOf('node\\..+', ...exchanges(collectives, 'broadcast', 'directed')),
});

/** What one person may do: send requests, and read from queues that carry their own name. */
export const personPermissions = (person: string, collectives: readonly string[]): Permissions => {
  const own = `(reply|registry)\\.${escaped(person)}\\.[0-9a-f]+`;
  return {
    configure: anyOf(own),
    write: anyOf(own, ...exchanges(collectives, 'broadcast', 'directed')),
    read: anyOf(own, ...exchanges(collectives, 'reply', 'registry')),
  };
};
