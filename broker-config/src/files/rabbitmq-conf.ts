import { limits } from '@muster/protocol/envelope';

export interface RabbitmqConfOptions {
  /** `address:port` or a port alone for all addresses. */
  readonly listener: string;
  /** Folder of `ca.pem`, `broker.pem`, `broker.key` and `definitions.json` as the broker sees it. */
  readonly folder: string;
  /** Bytes of free disk below which the broker takes nothing more; RabbitMQ advises as much as its memory in production. */
  readonly diskFreeLimitBytes: number;
  /** Erlang names of all brokers of the cluster, as `rabbit@b1.example.com`; none for a broker by itself. */
  readonly cluster?: readonly string[];
  /** The site that it is, of two; none for a broker or cluster that is the only one. */
  readonly site?: string;
  /** Further lines of the file. */
  readonly more?: readonly string[];
}

/** Forward secrecy and authenticated encryption only: TLS 1.3's suites, and for TLS 1.2 what is as good. */
const cipherSuites = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-RSA-AES128-GCM-SHA256',
];

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

/** RabbitMQ's configuration: one TLS listener that asks for a client certificate, and nothing else. */
export function rabbitmqConf(options: RabbitmqConfOptions): string {
  const { listener, folder, diskFreeLimitBytes, cluster = [], site, more = [] } = options;
  return `# Made by Muster's broker-config. Changes are lost when it is made again.

# No plaintext port.
listeners.tcp = none
listeners.ssl.1 = ${listener}

ssl_options.cacertfile = ${folder}/ca.pem
ssl_options.certfile = ${folder}/broker.pem
ssl_options.keyfile = ${folder}/broker.key
# Mutual TLS: without a certificate of this authority there is no connection.
ssl_options.verify = verify_peer
ssl_options.fail_if_no_peer_cert = true
# TLS 1.2 is for certificates of RSA and ECDSA: Erlang speaks 1.3 alone with Ed25519.
ssl_options.versions.1 = tlsv1.3
ssl_options.versions.2 = tlsv1.2
ssl_options.honor_cipher_order = true
${cipherSuites.map((suite, index) => `ssl_options.ciphers.${index + 1} = ${suite}`).join('\n')}

# Users, permissions and exchanges; because they are loaded, the user "guest" is never made.
load_definitions = ${folder}/definitions.json
auth_mechanisms.1 = PLAIN

# A frame of Muster's is never larger than this (bytes).
max_message_size = ${limits.frameBytes}
# Two missed heartbeats (seconds each) end a dead connection.
heartbeat = 30
disk_free_limit.absolute = ${diskFreeLimitBytes}
${cluster.length === 0 ? '' : clusterLines(cluster)}${site === undefined ? '' : siteLines(site)}${more.map((line) => `${line}\n`).join('')}`;
}
