import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrivateBroker, type PrivateBroker } from '@muster/broker-config/private';
import { unwrap } from '@muster/protocol/errors';
import type { Member } from '@muster/protocol/topology';
import type { BrokerSettings } from '@muster/runtime/bus';
import { createAuthority, issueCertificate, type Authority } from '@muster/runtime/pki';
import { startRelay, type Relay } from './relay.ts';
import { testMembers, testSettings } from './test-accounts.ts';

const sites = ['north', 'south'] as const;
type SiteName = (typeof sites)[number];

/** One of two real RabbitMQ that are federated, with the persons `demo` and `other`. */
export interface TestSite {
  readonly url: string;
  readonly home: string;
  personSettings(name: string): Promise<BrokerSettings>;
  nodeSettings(identity: string): Promise<BrokerSettings>;
  /** As the other site's broker connects here. */
  otherSiteSettings(): Promise<BrokerSettings>;
  /** Stops the broker in good order, leaving its data for a later `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export interface TestSites extends Readonly<Record<SiteName, TestSite>> {
  readonly authority: Authority;
  /** Breaks all links between the sites, and keeps them broken. */
  cutLinks(): void;
  /** Lets the links come back. */
  mendLinks(): void;
  /** Stops both brokers and removes their homes. */
  stop(): Promise<void>;
}

const otherOf = { north: 'south', south: 'north' } as const;

/** What is known of a site while it starts. */
interface Place {
  readonly home: string;
  /** Through it the other site's broker reaches this one. */
  readonly relay: Relay;
  broker: PrivateBroker | undefined;
}

async function makePlace(): Promise<Place> {
  const home = await mkdtemp(join(tmpdir(), 'muster-site-'));
  const place: { home: string; broker: PrivateBroker | undefined } = { home, broker: undefined };
  const port = () => (place.broker === undefined ? undefined : Number(new URL(place.broker.url).port));
  return Object.assign(place, { relay: await startRelay(port) });
}

/** Starts both sites for these nodes; their links are up a little later. */
export async function startTestSites(nodes: readonly string[]): Promise<TestSites> {
  const authority = await createAuthority({ name: 'Test authority', clock: () => Date.now() });
  const accounts = { members: testMembers(nodes), passwords: null };
  const places = { north: await makePlace(), south: await makePlace() };
  const start = async (name: SiteName) => {
    const other = otherOf[name];
    const site = {
      name,
      other: { name: other, host: 'localhost', port: places[other].relay.port },
    };
    const { home } = places[name];
    const common = { authority, collectives: ['muster'], accounts, randomBytes };
    places[name].broker = unwrap(await startPrivateBroker({ ...common, home, site }));
  };
  await Promise.all(sites.map(start));
  const urlOf = (name: SiteName) => places[name].broker?.url ?? '';
  const settings = (name: SiteName, member: Member) => testSettings({ authority, urls: [urlOf(name)], member });
  const siteOf = (name: SiteName): TestSite => ({
    get url() {
      return urlOf(name);
    },
    home: places[name].home,
    personSettings: (person) => settings(name, { role: 'person', name: person }),
    nodeSettings: (identity) => settings(name, { role: 'node', name: identity }),
    async otherSiteSettings() {
      const request = { role: 'broker', usage: 'client', name: otherOf[name], validDays: 1 } as const;
      const { certificatePem: certificate, keyPem: key } = await issueCertificate(authority, request);
      return { urls: [urlOf(name)], ca: authority.certificatePem, certificate, key, connectionName: 'test' };
    },
    async pause() {
      await places[name].broker?.stop();
    },
    resume: () => start(name),
  });
  return {
    authority,
    north: siteOf('north'),
    south: siteOf('south'),
    cutLinks: () => sites.forEach((name) => places[name].relay.cut()),
    mendLinks: () => sites.forEach((name) => places[name].relay.mend()),
    async stop() {
      for (const name of sites) {
        places[name].relay.close();
        await places[name].broker?.stop();
        await rm(places[name].home, { recursive: true, force: true });
      }
    },
  };
}
