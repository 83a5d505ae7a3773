import {
  exchangeKinds,
  exchangeName,
  nodePermissions,
  nodeTopicPermissions,
  personPermissions,
  personTopicPermissions,
  queuePolicies,
  undeliveredExchange,
  type ExchangePurpose,
  type Permissions,
  type QueuePolicy,
  type TopicPermissions,
} from '@muster/protocol/topology';
import type { RandomBytes } from '@muster/runtime/effects';
import { passwordHash } from './password-hash.ts';
import { nodeUser, personUser } from './users.ts';

/** Who may connect to the broker. Passwords are in the clear here and hashed in the definitions. */
export interface BrokerAccounts {
  readonly nodePassword: string;
  readonly persons: readonly { readonly name: string; readonly password: string }[];
}

/** The part of RabbitMQ's definitions that Muster fills; RabbitMQ 3.10 to 4.x read it. */
export interface BrokerDefinitions {
  readonly vhosts: readonly { readonly name: string }[];
  readonly users: readonly {
    readonly name: string;
    readonly password_hash: string;
    readonly hashing_algorithm: 'rabbit_password_hashing_sha256';
    readonly tags: readonly string[];
  }[];
  readonly permissions: readonly ({ readonly user: string; readonly vhost: string } & Permissions)[];
  readonly topic_permissions: readonly ({ readonly user: string; readonly vhost: string } & TopicPermissions)[];
  readonly policies: readonly (QueuePolicy & {
    readonly vhost: string;
    readonly 'apply-to': 'queues';
    readonly priority: number;
  })[];
  readonly exchanges: readonly {
    readonly name: string;
    readonly vhost: string;
    readonly type: string;
    readonly durable: boolean;
    readonly auto_delete: boolean;
    readonly internal: boolean;
    readonly arguments: Readonly<Record<string, never>>;
  }[];
}

const vhost = '/';
const purposes = Object.keys(exchangeKinds) as ExchangePurpose[]; // Object.keys forgets that the keys are these

const exchange = (name: string, type: string, internal: boolean): BrokerDefinitions['exchanges'][number] => ({
  name,
  vhost,
  type,
  durable: true,
  auto_delete: false,
  internal,
  arguments: {},
});

/** Users, permissions, policies and exchanges for the collectives. RabbitMQ makes no `guest` where definitions are loaded. */
export function brokerDefinitions(options: {
  readonly collectives: readonly string[];
  readonly accounts: BrokerAccounts;
  readonly randomBytes: RandomBytes;
}): BrokerDefinitions {
  const { collectives, accounts, randomBytes } = options;
  const holders = [
    {
      name: nodeUser,
      password: accounts.nodePassword,
      permissions: nodePermissions(collectives),
      topics: nodeTopicPermissions(collectives),
    },
    ...accounts.persons.map(({ name, password }) => ({
      name: personUser(name),
      password,
      permissions: personPermissions(name, collectives),
      topics: personTopicPermissions(name, collectives),
    })),
  ];
  return {
    vhosts: [{ name: vhost }],
    users: holders.map(({ name, password }) => ({
      name,
      password_hash: passwordHash(password, randomBytes),
      hashing_algorithm: 'rabbit_password_hashing_sha256',
      tags: [],
    })),
    permissions: holders.map(({ name, permissions }) => ({ user: name, vhost, ...permissions })),
    topic_permissions: holders.flatMap(({ name, topics }) => topics.map((topic) => ({ user: name, vhost, ...topic }))),
    policies: queuePolicies.map((policy) => ({ ...policy, vhost, 'apply-to': 'queues', priority: 0 })),
    exchanges: [
      // The broker alone writes to it.
      exchange(undeliveredExchange, 'topic', true),
      ...collectives.flatMap((collective) =>
        purposes.map((purpose) => exchange(exchangeName(collective, purpose), exchangeKinds[purpose], false)),
      ),
    ],
  };
}
