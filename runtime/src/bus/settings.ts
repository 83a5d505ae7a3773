import type { QueueType } from '@muster/protocol/topology';
import type { RevokedKeys } from '../crypto/index.ts';
import type { ProxySettings } from '../proxy/index.ts';

/** How to reach the broker. All file contents are already read. */
export interface BrokerSettings {
  /** `amqps://host:port[/vhost]` of one broker or cluster. The last that took us is tried first, then those after it. */
  readonly urls: readonly string[];
  /** Begin with any of the URLs instead of the first, so that a fleet spreads over a cluster; false when absent. */
  readonly startAnywhere?: boolean;
  /** How lasting queues are declared; `classic` when absent. */
  readonly queueType?: QueueType;
  /** An account with a password. Absent, the broker takes the certificate for who we are (SASL EXTERNAL). */
  readonly account?: { readonly username: string; readonly password: string };
  /** The proxy to go through; directly when absent. */
  readonly proxy?: ProxySettings;
  /** Name that the broker's certificate must carry; the host of the URL when absent. */
  readonly serverName?: string;
  /** PEM of the authority that issued the broker's certificate. */
  readonly ca: string;
  /** Brokers' certificates that their authorities took back; none when absent. */
  readonly revocations?: RevokedKeys;
  /** PEM of our own certificate and key for mutual TLS, by which the broker knows us. */
  readonly certificate: string;
  readonly key: string;
  /** Shown in the broker's list of connections. */
  readonly connectionName: string;
}
