import {
  allUndelivered,
  federatedExchanges,
  federatedQueuePolicies,
  homewardQueueName,
  sitePermissions,
  siteTopicPermissions,
  undeliveredExchange,
  undeliveredHereExchange,
  undeliveredThereExchange,
  type QueuePolicy,
  type Rights,
} from '@muster/protocol/topology';
import { siteUser } from './users.ts';

/** One of two sites, as the definitions of its broker need it. */
export interface Site {
  readonly name: string;
  readonly other: {
    readonly name: string;
    /** Where its broker listens: a name that stands in its certificate; RabbitMQ cannot check addresses. */
    readonly host: string;
    readonly port: number;
  };
  /** Folder of `ca.pem`, `link.pem` and `link.key` as the broker sees it. */
  readonly folder: string;
}

/** RabbitMQ plugins that a broker runs: one that takes certificates for who somebody is, and more when it is one of two sites. */
export const pluginsOf = ({ isSite }: { readonly isSite: boolean }): readonly string[] => [
  'rabbitmq_auth_mechanism_ssl',
  ...(isSite ? ['rabbitmq_federation', 'rabbitmq_shovel'] : []),
];

/** The part of a broker's definitions that makes it one of two sites. */
export interface SiteDefinitions {
  readonly holder: {
    readonly user: string;
    readonly rights: Rights;
  };
  /** Instead of the policies of a broker that is alone. */
  readonly queuePolicies: readonly QueuePolicy[];
  readonly exchangePolicy: QueuePolicy;
  readonly exchanges: readonly { readonly name: string; readonly type: string; readonly internal: boolean }[];
  readonly queue: { readonly name: string; readonly arguments: Readonly<Record<string, string | number>> };
  readonly bindings: readonly {
    readonly source: string;
    readonly destination: string;
    readonly destination_type: 'queue' | 'exchange';
    readonly routing_key: string;
    readonly arguments: Readonly<Record<string, never>>;
  }[];
  readonly parameters: readonly {
    readonly component: 'federation-upstream' | 'shovel';
    readonly name: string;
    readonly value: Readonly<Record<string, string | number | boolean>>;
  }[];
}

const dayMs = 86_400_000;
const heartbeatSeconds = 10;
/** Pause before a link that broke is tried again, in seconds. */
const reconnectSeconds = 5;
/** Messages that may be under way over one link. */
const prefetch = 1000;

/** The address of the other site's broker, which knows this one by its certificate. */
function linkUri({ other, folder }: Site): string {
  const { host, port } = other;
  const settings = {
    cacertfile: `${folder}/ca.pem`,
    certfile: `${folder}/link.pem`,
    keyfile: `${folder}/link.key`,
    verify: 'verify_peer',
    server_name_indication: host,
    auth_mechanism: 'external',
    heartbeat: String(heartbeatSeconds),
  };
  const query = Object.entries(settings).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  return `amqps://${host}:${port}/%2F?${query.join('&')}`;
}

const binding = (
  source: string,
  kind: 'queue' | 'exchange',
  destination: string,
  key: string,
): SiteDefinitions['bindings'][number] => ({
  source,
  destination,
  destination_type: kind,
  routing_key: key,
  arguments: {},
});

/** What makes a broker one of two sites: users, policies, exchanges and links. */
export function siteDefinitions(site: Site, collectives: readonly string[]): SiteDefinitions {
  const { name, other } = site;
  const homeward = homewardQueueName(other.name);
  return {
    holder: {
      user: siteUser(other.name),
      rights: { permissions: sitePermissions(other.name, collectives), topics: siteTopicPermissions(collectives) },
    },
    queuePolicies: federatedQueuePolicies(collectives, other.name),
    exchangePolicy: {
      name: 'muster-federation',
      pattern: federatedExchanges(collectives),
      definition: { 'federation-upstream': other.name },
    },
    exchanges: [
      { name: undeliveredHereExchange, type: 'topic', internal: true },
      { name: undeliveredThereExchange, type: 'fanout', internal: false },
    ],
    queue: {
      name: homeward,
      arguments: { 'x-queue-type': 'classic', 'x-queue-version': 2, 'x-max-length-bytes': 256 * 1024 * 1024 },
    },
    bindings: [
      binding(undeliveredHereExchange, 'exchange', undeliveredExchange, allUndelivered),
      binding(undeliveredHereExchange, 'queue', homeward, allUndelivered),
      binding(undeliveredThereExchange, 'exchange', undeliveredExchange, ''),
    ],
    parameters: [
      {
        component: 'federation-upstream',
        name: other.name,
        value: {
          uri: linkUri(site),
          'ack-mode': 'on-confirm',
          'max-hops': 1,
          'prefetch-count': prefetch,
          'reconnect-delay': reconnectSeconds,
          // As long as the queue of a node.
          expires: 31 * dayMs,
          // A broker that is stopped in good order leaves what waits for it.
          'resource-cleanup-mode': 'never',
        },
      },
      {
        component: 'shovel',
        name: `undelivered-at-${other.name}`,
        value: {
          'src-protocol': 'amqp091',
          'src-uri': linkUri(site),
          'src-queue': homewardQueueName(name),
          'src-prefetch-count': prefetch,
          'dest-protocol': 'amqp091',
          'dest-uri': 'amqp://',
          'dest-exchange': undeliveredThereExchange,
          'ack-mode': 'on-confirm',
          'reconnect-delay': reconnectSeconds,
        },
      },
    ],
  };
}
