import { join } from 'node:path';
import type { Clock, RandomBytes } from '@muster/runtime/effects';
import { brokerDefinitions, nodeAccount, personAccount, type PasswordAccounts, type Site } from '../files/index.ts';
import { keptCertificate, keptSecret, newPassword, privateFolder, writePrivate } from '../secrets/index.ts';
import { withBrokerAuthority } from './broker-authority.ts';
import { certificateDays, writeBroker, type BrokerAuthority } from './write-broker.ts';

/** The broker of one site, and the names and addresses under which it is reached; by the first, a name, from the other site. */
export interface SiteHosts {
  readonly name: string;
  readonly hosts: readonly [string, ...string[]];
}

export interface GenerateOptions {
  /** Folder to write to; what is secret in it stays when it is written again. */
  readonly out: string;
  readonly collectives: readonly string[];
  /** Names and addresses under which agents and consoles reach the broker; they go into its certificate. Of two sites, each has its own. */
  readonly hosts: readonly string[];
  readonly persons: readonly string[];
  /** Where the folder `broker` will be for the broker. */
  readonly folder: string;
  /** The one port, or `address:port`, for TLS. */
  readonly listener: string;
  /** Make each of the hosts a broker of one cluster; it then has a folder of its own, `broker/HOST`. */
  readonly cluster: boolean;
  /** Two brokers that are federated, with a folder each, `broker/SITE`; null for one broker or cluster. */
  readonly sites: readonly [SiteHosts, SiteHosts] | null;
  /** Make accounts with passwords as well: one of all nodes, and one of each person. */
  readonly passwords: boolean;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

/**
 * Writes what a RabbitMQ of one's own needs to serve Muster: `broker/` for the broker, `authority/` to be kept safe, and
 * `persons/` and `passwords/` to be handed out. Written again, it keeps authority, persons and passwords, and makes the
 * broker's certificate and configuration anew. Who may connect by certificate the broker learns from the authority's register later.
 */
export async function generateBrokerFiles(options: GenerateOptions): Promise<void> {
  const { out, persons, clock } = options;
  await Promise.all(['', 'authority', 'broker', 'passwords', 'persons'].map((name) => privateFolder(join(out, name))));
  await withBrokerAuthority(join(out, 'authority'), clock, async (authority) => {
    for (const name of persons) {
      const request = { role: 'person', name, validDays: certificateDays } as const;
      await keptCertificate(join(out, 'persons', name), authority.issue, request);
    }
    await writeBrokers(options, authority);
  });
}

async function writeBrokers(options: GenerateOptions, authority: BrokerAuthority): Promise<void> {
  const { out, collectives, hosts, sites, listener, folder, randomBytes } = options;
  const accounts = { members: [], passwords: options.passwords ? await passwordAccounts(options) : null };
  const common = { authority, listener, folder, passwords: options.passwords };
  const define = (site?: Site) =>
    brokerDefinitions({ collectives, accounts, randomBytes, ...(site === undefined ? {} : { site }) });
  const to = join(out, 'broker');
  if (sites !== null) {
    for (const site of describeSites(sites, options))
      await writeBroker(join(to, site.name), {
        ...common,
        hosts: site.hosts,
        site: site.name,
        definitions: define(site),
      });
    return;
  }
  const definitions = define();
  if (!options.cluster) {
    await writeBroker(to, { ...common, hosts, definitions });
    return;
  }
  const cookie = await keptSecret(join(out, 'authority', 'erlang.cookie'), () => newPassword(randomBytes));
  for (const host of hosts) {
    const folderOfOne = join(to, host);
    await writeBroker(folderOfOne, { ...common, definitions, hosts: [host], cluster: hosts.map(erlangName) });
    await writePrivate(join(folderOfOne, 'rabbitmq-env.conf'), `NODENAME=${erlangName(host)}\nUSE_LONGNAME=true\n`);
    await writePrivate(join(folderOfOne, 'erlang.cookie'), cookie);
  }
}

async function passwordAccounts({ out, persons, randomBytes }: GenerateOptions): Promise<PasswordAccounts> {
  const password = (user: string) => keptSecret(join(out, 'passwords', user), () => newPassword(randomBytes));
  return {
    nodePassword: await password(nodeAccount),
    persons: await Promise.all(persons.map(async (name) => ({ name, password: await password(personAccount(name)) }))),
  };
}

const erlangName = (host: string): string => `rabbit@${host}`;

/** Each of two sites as its own broker sees it. */
function describeSites(
  [one, two]: readonly [SiteHosts, SiteHosts],
  { listener, folder }: Pick<GenerateOptions, 'listener' | 'folder'>,
): readonly (Site & Pick<SiteHosts, 'hosts'>)[] {
  // A listener may name an address before its port.
  const port = Number(listener.split(':').at(-1));
  const describe = (here: SiteHosts, there: SiteHosts) => ({
    ...here,
    folder,
    other: { name: there.name, host: there.hosts[0], port },
  });
  return [describe(one, two), describe(two, one)];
}
