import { join } from 'node:path';
import type { Clock, RandomBytes } from '@muster/runtime/effects';
import { issueCertificate } from '@muster/runtime/pki';
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
  const { out, collectives, hosts, persons, folder, listener, clock, randomBytes } = options;
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
  const [name = 'broker'] = hosts;
  const broker = await issueCertificate(authority, { role: 'broker', name, validDays: certificateDays, hosts });
  const files = {
    'rabbitmq.conf': rabbitmqConf({ listener, folder, diskFreeLimitBytes }),
    'definitions.json': `${JSON.stringify(brokerDefinitions({ collectives, accounts, randomBytes }), null, 2)}\n`,
    enabled_plugins: '[].\n',
    'ca.pem': authority.certificatePem,
    'broker.pem': broker.certificatePem,
    'broker.key': broker.keyPem,
  };
  for (const [file, text] of Object.entries(files)) await writePrivate(join(out, 'broker', file), text);
}
