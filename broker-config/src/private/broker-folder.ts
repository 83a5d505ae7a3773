import { join } from 'node:path';
import { revocationFiles, type Authority } from '@muster/runtime/pki';
import type { RandomBytes } from '@muster/runtime/effects';
import {
  advancedConfig,
  brokerDefinitions,
  pluginsOf,
  rabbitmqConf,
  type BrokerAccounts,
  type Site,
} from '../files/index.ts';
import { issuedBy, keptSecret, linkFiles, newPassword, privateFolder, writePrivate } from '../secrets/index.ts';
import type { BrokerPorts } from './ports.ts';

const certificateDays = 365;
const diskFreeLimitBytes = 50 * 1000 * 1000;

export interface BrokerFolderOptions {
  readonly ports: BrokerPorts;
  readonly authority: Authority;
  readonly collectives: readonly string[];
  readonly accounts: BrokerAccounts;
  readonly randomBytes: RandomBytes;
  /** The secret by which brokers of a cluster know each other; one of its own when absent. */
  readonly cookie?: string;
  /** Names of the brokers of its cluster. */
  readonly cluster?: readonly string[];
  /** The site that it is, when it is one of two. */
  readonly site?: Omit<Site, 'folder'>;
  /** What the authority took back: its list, PEM; none when absent. */
  readonly revocations?: string;
  /** Further plugins of RabbitMQ that it runs. */
  readonly plugins?: readonly string[];
  /** Further lines of `rabbitmq.conf`. */
  readonly settings?: readonly string[];
}

/** Writes all that a private broker reads. Its working folder is `folder`, so paths in the configuration are relative. */
export async function writeBrokerFolder(folder: string, options: BrokerFolderOptions): Promise<void> {
  const { ports, authority, randomBytes, cluster = [], plugins = [], settings = [], site, revocations = '' } = options;
  const issue = issuedBy(authority);
  const issued = await issue({
    role: 'broker',
    name: 'private-broker',
    validDays: certificateDays,
    hosts: ['localhost', '127.0.0.1'],
  });
  const { collectives, accounts } = options;
  const definitions = brokerDefinitions({
    collectives,
    accounts,
    randomBytes,
    ...(site === undefined ? {} : { site: { ...site, folder: '.' } }),
  });
  const files = {
    'rabbitmq.conf': rabbitmqConf({
      listener: `127.0.0.1:${ports.amqps}`,
      folder: '.',
      diskFreeLimitBytes,
      cluster,
      passwords: accounts.passwords !== null,
      ...(site === undefined ? {} : { site: site.name }),
      more: settings,
    }),
    'definitions.json': `${JSON.stringify(definitions, null, 2)}\n`,
    'advanced.config': advancedConfig('.'),
    enabled_plugins: `[${[...plugins, ...pluginsOf({ isSite: site !== undefined })].join(',')}].\n`,
    'ca.pem': authority.certificatePem,
    'broker.pem': issued.certificatePem,
    'broker.key': issued.keyPem,
    ...Object.fromEntries(revocationFiles(revocations)),
    ...(site === undefined ? {} : await linkFiles(issue, { site: site.name, validDays: certificateDays })),
  };
  await Promise.all([privateFolder(folder), privateFolder(join(folder, 'conf.d')), privateFolder(join(folder, 'log'))]);
  await Promise.all(Object.entries(files).map(([name, text]) => writePrivate(join(folder, name), text)));
  await keptSecret(join(folder, '.erlang.cookie'), () => options.cookie ?? newPassword(randomBytes));
}
