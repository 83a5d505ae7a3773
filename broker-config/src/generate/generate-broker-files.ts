import { join } from 'node:path';
import type { Clock, RandomBytes } from '@muster/runtime/effects';
import { issueCertificate, type Authority } from '@muster/runtime/pki';
import { brokerDefinitions, nodeUser, personUser, rabbitmqConf } from '../files/index.ts';
import {
  keptAuthority,
  keptCertificate,
  keptSecret,
  newPassword,
  privateFolder,
  writePrivate,
} from '../secrets/index.ts';

export interface GenerateOptions {
  /** Folder to write to; what is secret in it stays when it is written again. */
  readonly out: string;
  readonly collectives: readonly string[];
  /** Names and addresses under which agents and consoles reach the broker; they go into its certificate. */
  readonly hosts: readonly string[];
  readonly persons: readonly string[];
  /** Where the folder `broker` will be for the broker. */
  readonly folder: string;
  /** The one port, or `address:port`, for TLS. */
  readonly listener: string;
  /** Make each of the hosts a broker of one cluster; it then has a folder of its own, `broker/HOST`. */
  readonly cluster: boolean;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

const certificateDays = 365;
const diskFreeLimitBytes = 2 * 1000 * 1000 * 1000;

/**
 * Writes what a RabbitMQ of one's own needs to serve Muster: `broker/` for the broker, `authority/` to be kept safe, and
 * `persons/` and `passwords/` to be handed out. Written again, it keeps authority, persons and passwords, and makes the
 * broker's certificate and configuration anew.
 */
export async function generateBrokerFiles(options: GenerateOptions): Promise<void> {
  const { out, collectives, hosts, persons, clock, randomBytes } = options;
  await Promise.all(['', 'authority', 'broker', 'passwords', 'persons'].map((name) => privateFolder(join(out, name))));
  const authority = await keptAuthority(join(out, 'authority'), { name: 'Muster authority', clock });
  const password = (user: string) => keptSecret(join(out, 'passwords', user), () => newPassword(randomBytes));
  const accounts = {
    nodePassword: await password(nodeUser),
    persons: await Promise.all(persons.map(async (name) => ({ name, password: await password(personUser(name)) }))),
  };
  for (const name of persons) {
    await keptCertificate(join(out, 'persons', name), authority, { role: 'person', name, validDays: certificateDays });
  }
  const definitions = brokerDefinitions({ collectives, accounts, randomBytes });
  const files = { ...options, authority, definitions: `${JSON.stringify(definitions, null, 2)}\n` };
  if (!options.cluster) {
    await writeBroker(join(out, 'broker'), { ...files, cluster: [] });
    return;
  }
  const cookie = await keptSecret(join(out, 'authority', 'erlang.cookie'), () => newPassword(randomBytes));
  for (const host of hosts) {
    const folderOfOne = join(out, 'broker', host);
    await privateFolder(folderOfOne);
    await writeBroker(folderOfOne, { ...files, hosts: [host], cluster: hosts.map(erlangName) });
    await writePrivate(join(folderOfOne, 'rabbitmq-env.conf'), `NODENAME=${erlangName(host)}\nUSE_LONGNAME=true\n`);
    await writePrivate(join(folderOfOne, 'erlang.cookie'), cookie);
  }
}

const erlangName = (host: string): string => `rabbit@${host}`;

async function writeBroker(
  to: string,
  options: {
    readonly authority: Authority;
    readonly definitions: string;
    readonly hosts: readonly string[];
    readonly cluster: readonly string[];
    readonly listener: string;
    readonly folder: string;
  },
): Promise<void> {
  const { authority, hosts, cluster, listener, folder } = options;
  const [name = 'broker'] = hosts;
  const issued = await issueCertificate(authority, { role: 'broker', name, validDays: certificateDays, hosts });
  const files = {
    'rabbitmq.conf': rabbitmqConf({ listener, folder, diskFreeLimitBytes, cluster }),
    'definitions.json': options.definitions,
    enabled_plugins: '[].\n',
    'ca.pem': authority.certificatePem,
    'broker.pem': issued.certificatePem,
    'broker.key': issued.keyPem,
  };
  for (const [file, text] of Object.entries(files)) await writePrivate(join(to, file), text);
}
