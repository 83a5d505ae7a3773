import {
  enrolmentExchanges,
  exchangeName,
  exchangePurposes,
  memberLimits,
  memberRights,
  mostQueues,
  nodeRights,
  personRights,
  queuePolicies,
  undeliveredExchange,
  type Member,
  type MemberLimits,
  type Permissions,
  type QueuePolicy,
  type Rights,
  type TopicPermissions,
} from '@muster/protocol/topology';
import type { RandomBytes } from '@muster/runtime/effects';
import { passwordHash } from './password-hash.ts';
import { siteDefinitions, type Site, type SiteDefinitions } from './site.ts';
import { memberUser, nodeAccount, personAccount } from './users.ts';

/** Accounts with passwords, which are in the clear here and hashed in the definitions. */
export interface PasswordAccounts {
  /** Of the one account of all nodes. */
  readonly nodePassword: string;
  readonly persons: readonly { readonly name: string; readonly password: string }[];
}

/** Who may connect to the broker. */
export interface BrokerAccounts {
  /** By certificate; further ones can come later. */
  readonly members: readonly Member[];
  /** By password and the certificate of anybody; null where certificates alone count. */
  readonly passwords: PasswordAccounts | null;
}

/** The part of RabbitMQ's definitions that says who may do what. */
export interface UserDefinitions {
  readonly users: readonly {
    readonly name: string;
    /** Empty for a user who has no password and cannot connect by one. */
    readonly password_hash: string;
    readonly hashing_algorithm: 'rabbit_password_hashing_sha256';
    readonly tags: readonly string[];
    readonly limits?: MemberLimits;
  }[];
  readonly permissions: readonly ({ readonly user: string; readonly vhost: string } & Permissions)[];
  readonly topic_permissions: readonly ({ readonly user: string; readonly vhost: string } & TopicPermissions)[];
}

/** The part of RabbitMQ's definitions that Muster fills; RabbitMQ 3.10 to 4.x read it. */
export interface BrokerDefinitions extends UserDefinitions {
  readonly vhosts: readonly { readonly name: string }[];
  readonly policies: readonly (QueuePolicy & {
    readonly vhost: string;
    readonly 'apply-to': 'queues' | 'exchanges';
    readonly priority: number;
  })[];
  readonly parameters: readonly ({ readonly vhost: string } & (
    | SiteDefinitions['parameters'][number]
    | { readonly component: 'vhost-limits'; readonly name: 'limits'; readonly value: Readonly<Record<string, number>> }
  ))[];
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

/** The virtual host of all that is Muster's. */
export const vhost = '/';

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

/** A user of the broker before passwords are hashed. */
interface Holder {
  readonly user: string;
  readonly rights: Rights;
  readonly passwordHash?: string;
  readonly limits?: MemberLimits;
}

const userDefinitions = (holders: readonly Holder[]): UserDefinitions => ({
  users: holders.map(({ user, passwordHash: hash = '', limits }) => ({
    name: user,
    password_hash: hash,
    hashing_algorithm: 'rabbit_password_hashing_sha256',
    tags: [],
    ...(limits === undefined ? {} : { limits }),
  })),
  permissions: holders.map(({ user, rights }) => ({ user, vhost, ...rights.permissions })),
  topic_permissions: holders.flatMap(({ user, rights }) => rights.topics.map((topic) => ({ user, vhost, ...topic }))),
});

const memberHolder = (member: Member, collectives: readonly string[]): Holder => ({
  user: memberUser(member),
  rights: memberRights(member, collectives),
  limits: memberLimits(member),
});

/** Users for holders of certificates, who have no password. */
export const memberDefinitions = (members: readonly Member[], collectives: readonly string[]): UserDefinitions =>
  userDefinitions(members.map((member) => memberHolder(member, collectives)));

const accountHolders = (
  { nodePassword, persons }: PasswordAccounts,
  collectives: readonly string[],
  randomBytes: RandomBytes,
): readonly Holder[] => [
  {
    user: nodeAccount,
    passwordHash: passwordHash(nodePassword, randomBytes),
    rights: nodeRights(null, collectives),
  },
  ...persons.map(({ name, password }) => ({
    user: personAccount(name),
    passwordHash: passwordHash(password, randomBytes),
    rights: personRights(name, collectives),
  })),
];

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
  return {
    vhosts: [{ name: vhost }],
    ...userDefinitions([
      ...accounts.members.map((member) => memberHolder(member, collectives)),
      ...(accounts.passwords === null ? [] : accountHolders(accounts.passwords, collectives, randomBytes)),
      ...(site === null ? [] : [site.holder]),
    ]),
    parameters: [
      { component: 'vhost-limits', name: 'limits', vhost, value: { 'max-queues': mostQueues } },
      ...(site?.parameters ?? []).map((parameter) => ({ ...parameter, vhost })),
    ],
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
        exchangePurposes.map((purpose) => exchange(exchangeName(collective, purpose), 'topic', false)),
      ),
      ...(site?.exchanges ?? []).map(({ name, type, internal }) => exchange(name, type, internal)),
    ],
    bindings: site === null ? [] : site.bindings.map((binding) => ({ ...binding, vhost })),
  };
}
