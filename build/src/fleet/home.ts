import { join } from 'node:path';
import {
  keptAuthority,
  keptCertificate,
  keptSecret,
  newPassword,
  privateFolder,
  writePrivate,
} from '@muster/broker-config/secrets';
import { nodeUser, personUser, type BrokerAccounts } from '@muster/broker-config/files';
import type { Clock, RandomBytes } from '@muster/runtime/effects';
import type { Authority } from '@muster/runtime/pki';
import { stringify } from 'yaml';
import type { GeneratedNode } from './generated-nodes.ts';
import type { ConfiguredNode } from './launch-agents.ts';
import { writeNodePuppet } from './node-puppet.ts';

/** Who may use a generated fleet; the console of the home is the first one's. */
const persons = ['demo', 'guest-operator'] as const;

/** A home whose authority, persons and passwords exist. */
export interface PreparedHome {
  readonly folder: string;
  readonly authority: Authority;
  readonly accounts: BrokerAccounts;
}

const certificateDays = 365;

/** Makes what is missing of a home: authority, persons with certificates, passwords. What exists stays. */
export async function prepareHome(
  folder: string,
  effects: { clock: Clock; randomBytes: RandomBytes },
): Promise<PreparedHome> {
  const password = () => newPassword(effects.randomBytes);
  await Promise.all(['', 'ca', 'persons', 'nodes', 'data'].map((name) => privateFolder(join(folder, name))));
  const authority = await keptAuthority(join(folder, 'ca'), {
    name: 'Muster development authority',
    clock: effects.clock,
  });
  const accounts = {
    nodePassword: await keptSecret(join(folder, 'nodes', 'node.password'), password),
    persons: await Promise.all(
      persons.map(async (name) => {
        await keptCertificate(join(folder, 'persons', name), authority, {
          role: 'person',
          name,
          validDays: certificateDays,
        });
        return { name, password: await keptSecret(join(folder, 'persons', `${name}.password`), password) };
      }),
    ),
  };
  return { folder, authority, accounts };
}

/** Writes `console.yaml` of the first person. */
export async function writeConsole(
  home: PreparedHome,
  options: { amqp: string; collectives: readonly string[] },
): Promise<void> {
  const [person] = persons;
  const settings = {
    person,
    collectives: options.collectives,
    broker: { urls: [options.amqp], username: personUser(person), password_file: `persons/${person}.password` },
    trust: { ca: 'ca/ca.pem', certificate: `persons/${person}.pem`, key: `persons/${person}.key` },
    data: 'data',
  };
  await writePrivate(join(home.folder, 'console.yaml'), stringify(settings));
}

/** Writes all that a node's agent reads. */
export async function writeNode(home: PreparedHome, node: GeneratedNode, amqp: string): Promise<ConfiguredNode> {
  const folder = join(home.folder, 'nodes', node.identity);
  const settings = {
    identity: node.identity,
    collectives: node.collectives,
    broker: { urls: [amqp], username: nodeUser, password_file: '../node.password' },
    trust: { ca: '../../ca/ca.pem', certificate: 'node.pem', key: 'node.key' },
    // A made-up server must not also tell of the machine that plays it.
    facts: { builtin: false, files: ['facts.yaml'], directory: 'facts.d' },
    classes_file: 'classes.txt',
    state: 'state',
    log: { level: 'info' },
    registration: { interval: 300, splay: true },
    // A fleet to try things on; a real one has policies.
    policies: { allow_unconfigured: true },
  };
  const configFile = join(folder, 'agent.yaml');
  await Promise.all([privateFolder(join(folder, 'facts.d')), privateFolder(join(folder, 'state'))]);
  const request = { role: 'node', name: node.identity, validDays: certificateDays } as const;
  await keptCertificate(join(folder, 'node'), home.authority, request);
  await writePrivate(join(folder, 'facts.yaml'), stringify(node.facts, { aliasDuplicateObjects: false }));
  await writePrivate(join(folder, 'classes.txt'), `${node.classes.join('\n')}\n`);
  await writePrivate(configFile, stringify(settings));
  await writeNodePuppet(node.identity, folder);
  return { node, folder, configFile };
}
