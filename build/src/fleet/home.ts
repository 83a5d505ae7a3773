import { join } from 'node:path';
import { nodeAccount, type BrokerAccounts } from '@muster/broker-config/files';
import {
  issuedBy,
  keptAuthority,
  keptCertificate,
  keptSecret,
  newPassword,
  privateFolder,
  writePrivate,
} from '@muster/broker-config/secrets';
import { randomBytes } from '@muster/runtime/crypto';
import type { Clock } from '@muster/runtime/effects';
import type { Authority } from '@muster/runtime/pki';
import { stringify } from 'yaml';
import type { GeneratedNode } from './generated-nodes.ts';
import type { ConfiguredNode } from './launch-agents.ts';
import { writeNodePuppet } from './node-puppet.ts';

/** Who may use a generated fleet; the console of the home is the first one's. */
const persons = ['demo', 'guest-operator'] as const;

/** As whom a fleet looks after its agents: somebody who may connect, and needs no more. */
export const observer = { role: 'person', name: persons[0] } as const;

/** A home whose authority and persons exist. */
export interface PreparedHome {
  readonly folder: string;
  readonly authority: Authority;
  readonly accounts: BrokerAccounts;
}

const certificateDays = 365;

/** Of the account with which emulated agents share connections: a certificate would stand for one of them alone. */
const sharedPassword = 'shared.password';

export interface HomeOptions {
  readonly clock: Clock;
  /** Who may connect. */
  readonly nodes: readonly string[];
  /** Whether agents are emulated, several on a connection. */
  readonly sharesConnections: boolean;
}

/** Makes what is missing of a home: authority, and persons with certificates. What exists stays. */
export async function prepareHome(folder: string, options: HomeOptions): Promise<PreparedHome> {
  const { clock, nodes, sharesConnections } = options;
  await Promise.all(['', 'ca', 'persons', 'nodes', 'data'].map((name) => privateFolder(join(folder, name))));
  const authority = await keptAuthority(join(folder, 'ca'), { name: 'Muster development authority', clock });
  for (const name of persons) {
    const request = { role: 'person', name, validDays: certificateDays } as const;
    await keptCertificate(join(folder, 'persons', name), issuedBy(authority), request);
  }
  const members = [
    ...persons.map((name) => ({ role: 'person', name }) as const),
    ...nodes.map((name) => ({ role: 'node', name }) as const),
  ];
  const passwords = sharesConnections
    ? {
        nodePassword: await keptSecret(join(folder, 'nodes', sharedPassword), () => newPassword(randomBytes)),
        persons: [],
      }
    : null;
  return { folder, authority, accounts: { members, passwords } };
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
    broker: { urls: [options.amqp] },
    trust: { ca: 'ca/ca.pem', certificate: `persons/${person}.pem`, key: `persons/${person}.key` },
    data: 'data',
  };
  await writePrivate(join(home.folder, 'console.yaml'), stringify(settings));
}

/** Writes all that a node's agent reads; it connects by itself, or shares a connection with others. */
export async function writeNode(
  home: PreparedHome,
  node: GeneratedNode,
  { amqp, sharesConnection }: { readonly amqp: string; readonly sharesConnection: boolean },
): Promise<ConfiguredNode> {
  const folder = join(home.folder, 'nodes', node.identity);
  const settings = {
    identity: node.identity,
    collectives: node.collectives,
    broker: {
      urls: [amqp],
      ...(sharesConnection ? { username: nodeAccount, password_file: `../${sharedPassword}` } : {}),
    },
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
  await keptCertificate(join(folder, 'node'), issuedBy(home.authority), request);
  await writePrivate(join(folder, 'facts.yaml'), stringify(node.facts, { aliasDuplicateObjects: false }));
  await writePrivate(join(folder, 'classes.txt'), `${node.classes.join('\n')}\n`);
  await writePrivate(configFile, stringify(settings));
  await writeNodePuppet(node.identity, folder);
  return { node, folder, configFile };
}
