import { limits } from '@muster/protocol/envelope';

export interface RabbitmqConfOptions {
  /** `address:port` or a port alone for all addresses. */
  readonly listener: string;
  /** Folder of `definitions.json` as the broker sees it. */
  readonly folder: string;
  /** Bytes of free disk below which the broker takes nothing more; RabbitMQ advises as much as its memory in production. */
  readonly diskFreeLimitBytes: number;
  /** Erlang names of all brokers of the cluster, as `rabbit@b1.example.com`; none for a broker by itself. */
  readonly cluster?: readonly string[];
  /** The site that it is, of two; none for a broker or cluster that is the only one. */
  readonly site?: string;
  /** Whether some have a password; certificates alone count when absent. */
  readonly passwords?: boolean;
  /** Further lines of the file. */
  readonly more?: readonly string[];
}

const clusterLines = (cluster: readonly string[]): string => `
# The brokers of the cluster find each other by these names when they start for the first time.
cluster_formation.peer_discovery_backend = classic_config
${cluster.map((name, index) => `cluster_formation.classic_config.nodes.${index + 1} = ${name}`).join('\n')}
cluster_formation.target_cluster_size_hint = ${cluster.length}
# Brokers that lost sight of the others stop serving until they see most of them again: nothing splits in two.
cluster_partition_handling = pause_minority
# Leaders of queues are spread over the brokers.
queue_leader_locator = balanced
`;

const siteLines = (site: string): string => `
# The name by which queues of links and messages that came over them know this site.
cluster_name = ${site}
`;

/** RabbitMQ's configuration: one TLS listener and nothing else; how it speaks TLS is told in `advanced.config`. */
export function rabbitmqConf(options: RabbitmqConfOptions): string {
  const { listener, folder, diskFreeLimitBytes, cluster = [], site, passwords = false, more = [] } = options;
  return `# Made by Muster's broker-config. Changes are lost when it is made again.

# No plaintext port.
listeners.tcp = none
listeners.ssl.1 = ${listener}

# Users, permissions and exchanges; because they are loaded, the user "guest" is never made.
load_definitions = ${folder}/definitions.json

# Who connects is who the certificate says: role and name both, "CN=NAME,OU=ROLE,O=Muster".
ssl_cert_login_from = distinguished_name
auth_mechanisms.1 = EXTERNAL
${passwords ? '# Some have a password instead.\nauth_mechanisms.2 = PLAIN\n' : ''}
# A frame of Muster's is never larger than this (bytes).
max_message_size = ${limits.frameBytes}
# Two missed heartbeats (seconds each) end a dead connection.
heartbeat = 30
disk_free_limit.absolute = ${diskFreeLimitBytes}
${cluster.length === 0 ? '' : clusterLines(cluster)}${site === undefined ? '' : siteLines(site)}${more.map((line) => `${line}\n`).join('')}`;
}
