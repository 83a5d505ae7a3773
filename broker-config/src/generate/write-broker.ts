import { join } from 'node:path';
import { revocationFiles } from '@muster/runtime/pki';
import { advancedConfig, pluginsOf, rabbitmqConf, type BrokerDefinitions } from '../files/index.ts';
import { linkFiles, privateFolder, writePrivate, type IssueCertificate } from '../secrets/index.ts';

/** One broker, whose files are to be written. */
export interface BrokerToWrite {
  readonly authority: BrokerAuthority;
  readonly definitions: BrokerDefinitions;
  /** Whether some of its users have passwords. */
  readonly passwords: boolean;
  /** Names and addresses for its certificate. */
  readonly hosts: readonly string[];
  readonly listener: string;
  /** Where it will find its files. */
  readonly folder: string;
  /** Erlang names of all brokers of its cluster. */
  readonly cluster?: readonly string[];
  /** Name of the site that it is, of two. */
  readonly site?: string;
}

/** What a broker needs of the authority. */
export interface BrokerAuthority {
  readonly certificatePem: string;
  /** The list of what it took back, PEM. */
  readonly revocationsPem: string;
  readonly issue: IssueCertificate;
}

/** How long certificates are good for, in days. */
export const certificateDays = 365;
const diskFreeLimitBytes = 2 * 1000 * 1000 * 1000;

/** Writes all that one broker reads, with a new certificate. */
export async function writeBroker(to: string, broker: BrokerToWrite): Promise<void> {
  const { authority, definitions, passwords, hosts, listener, folder, cluster = [], site } = broker;
  const [name = 'broker'] = hosts;
  const issued = await authority.issue({ role: 'broker', name, validDays: certificateDays, hosts });
  const siteSetting = site === undefined ? {} : { site };
  const files = {
    'rabbitmq.conf': rabbitmqConf({ listener, folder, diskFreeLimitBytes, cluster, passwords, ...siteSetting }),
    'advanced.config': advancedConfig(folder),
    'definitions.json': `${JSON.stringify(definitions, null, 2)}\n`,
    enabled_plugins: `[${pluginsOf({ isSite: site !== undefined }).join(',')}].\n`,
    'ca.pem': authority.certificatePem,
    'broker.pem': issued.certificatePem,
    'broker.key': issued.keyPem,
    ...Object.fromEntries(revocationFiles(authority.revocationsPem)),
    ...(site === undefined ? {} : await linkFiles(authority.issue, { site, validDays: certificateDays })),
  };
  await privateFolder(to);
  for (const [file, text] of Object.entries(files)) await writePrivate(join(to, file), text);
}
