/** How to reach the broker. All file contents are already read. */
export interface BrokerSettings {
  /** `amqps://host:port[/vhost]`, tried in order. */
  readonly urls: readonly string[];
  readonly username: string;
  readonly password: string;
  /** Name that the broker's certificate must carry; the host of the URL when absent. */
  readonly serverName?: string;
  /** PEM of the authority that issued the broker's certificate. */
  readonly ca: string;
  /** PEM of our own certificate and key for mutual TLS. */
  readonly certificate: string;
  readonly key: string;
  /** Shown in the broker's list of connections. */
  readonly connectionName: string;
}
