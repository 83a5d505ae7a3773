import {
  enrolmentExchanges,
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
import { siteDefinitions, type Site, type SiteDefinitions } from './site.ts';
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
    readonly 'apply-to': 'queues' | 'exchanges';
    readonly priority: number;
  })[];
  readonly parameters: readonly (SiteDefinitions['parameters'][number] & { readonly vhost: string })[];
  readonly queues: readonly (SiteDefinitions['queue'] & {
    readonly vhost: string;
    readonly durable: boolean;
    readonly auto_delete: boolean;
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
  readonly bindings: readonly (SiteDefinitions['bindings'][number] & { readonly vhost: string })[];
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

const policy = (kind: 'queues' | 'exchanges', what: QueuePolicy): BrokerDefinitions['policies'][number] => ({
  ...what,
  vhost,
  'apply-to': kind,
  priority: 0,
});

/**
 * Users, permissions, policies and exchanges for the collectives, and links when the broker is one of two sites. RabbitMQ makes no
 * `guest` where definitions are loaded.
 */
export function brokerDefinitions(options: {
  readonly collectives: readonly string[];
  readonly accounts: BrokerAccounts;
  readonly randomBytes: RandomBytes;
  /** Absent for a broker or cluster that is the only one. */
  readonly site?: Site;
}): BrokerDefinitions {
  const { collectives, accounts, randomBytes } = options;
  const site = options.site === undefined ? null : siteDefinitions(options.site, collectives);
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
    ...(site === null ? [] : [site.holder]),
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
    parameters: site === null ? [] : site.parameters.map((parameter) => ({ ...parameter, vhost })),
    policies: [
      ...(site?.queuePolicies ?? queuePolicies).map((one) => policy('queues', one)),
      ...(site === null ? [] : [policy('exchanges', site.exchangePolicy)]),
    ],
    queues: site === null ? [] : [{ ...site.queue, vhost, durable: true, auto_delete: false }],
    exchanges: [
      // The broker alone writes to it.
      exchange(undeliveredExchange, 'topic', true),
      ...Object.entries(enrolmentExchanges).map(([name, type]) => exchange(name, type, false)),
      ...collectives.flatMap((collective) =>
        purposes.map((purpose) => exchange(exchangeName(collective, purpose), exchangeKinds[purpose], false)),
      ),
      ...(site?.exchanges ?? []).map(({ name, type, internal }) => exchange(name, type, internal)),
    ],
    bindings: site === null ? [] : site.bindings.map((binding) => ({ ...binding, vhost })),
  };
}
