import { hardwareFacts, type Machine } from './hardware.ts';
import { operatingSystemFacts, operatingSystems } from './operating-systems.ts';
import { integer, pick, seededRandom, weighted, type Choices, type Random } from './seeded-random.ts';

/** A made-up server: what its agent will say of itself. */
export interface GeneratedNode {
  readonly identity: string;
  /** Facts in Facter's structure, as they go to `facts.yaml`. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly classes: readonly string[];
  /** The first is the main one and all nodes share it. */
  readonly collectives: readonly string[];
}

interface RoleKind extends Machine {
  readonly role: string;
  readonly profiles: readonly string[];
}

interface Region {
  readonly region: string;
  readonly datacenters: readonly [string, ...string[]];
  /** Second number of its addresses. */
  readonly octet: number;
  readonly timezone: string;
}

const small: Machine = { memoryGib: [2, 4, 8], processors: [1, 2, 4], diskGib: [20, 40] };
const large: Machine = { memoryGib: [32, 64, 128], processors: [8, 16, 32], diskGib: [500, 1000, 2000] };

const roles: Choices<RoleKind> = [
  { weight: 8, value: { role: 'web', profiles: ['nginx', 'php'], ...small } },
  { weight: 5, value: { role: 'app', profiles: ['tomcat'], ...small, memoryGib: [8, 16] } },
  { weight: 3, value: { role: 'db', profiles: ['postgresql', 'backup'], ...large } },
  { weight: 2, value: { role: 'cache', profiles: ['redis'], ...small, memoryGib: [16, 32] } },
  { weight: 1, value: { role: 'lb', profiles: ['haproxy', 'keepalived'], ...small } },
  { weight: 1, value: { role: 'mon', profiles: ['prometheus', 'grafana'], ...large } },
];

const regions: Choices<Region> = [
  { weight: 5, value: { region: 'eu', datacenters: ['fra1', 'ams2'], octet: 10, timezone: 'CET' } },
  { weight: 3, value: { region: 'us', datacenters: ['iad1', 'pdx1'], octet: 20, timezone: 'EST' } },
  { weight: 2, value: { region: 'ap', datacenters: ['sin1'], octet: 30, timezone: '+08' } },
];

const environments: Choices<string> = [
  { weight: 7, value: 'production' },
  { weight: 2, value: 'staging' },
  { weight: 1, value: 'development' },
];

const customers = ['acme', 'globex', 'initech', 'umbrella'] as const;

function networkFacts(
  random: Random,
  hostname: string,
  domain: string,
  octet: number,
  index: number,
): Record<string, unknown> {
  const ip = `10.${octet + Math.floor(index / 62_500)}.${Math.floor(index / 250) % 250}.${(index % 250) + 4}`;
  const mac = [
    '52:54:00',
    ...Array.from({ length: 3 }, () => integer(random, 0, 255).toString(16).padStart(2, '0')),
  ].join(':');
  const address = { ip, mac, mtu: 1500, netmask: '255.255.0.0', network: `${ip.split('.').slice(0, 2).join('.')}.0.0` };
  return {
    domain,
    fqdn: `${hostname}.${domain}`,
    hostname,
    primary: 'eth0',
    ...address,
    interfaces: { eth0: address },
  };
}

/**
 * The first `count` servers of the fleet that belongs to a seed. A larger fleet of the same seed begins with the same servers.
 *
 * Further collectives than the first take every second node each.
 */
export function generateNodes(options: {
  readonly count: number;
  readonly seed: number;
  readonly collectives: readonly string[];
}): GeneratedNode[] {
  const { count, seed, collectives } = options;
  const numbers = new Map<string, number>();
  return Array.from({ length: count }, (_unused, index) => {
    const random = seededRandom(seed, index);
    const kind = weighted(random, roles);
    const { region, datacenters, octet, timezone } = weighted(random, regions);
    const domain = `${region}.example.com`;
    const number = (numbers.get(kind.role + domain) ?? 0) + 1;
    numbers.set(kind.role + domain, number);
    const hostname = `${kind.role}${String(number).padStart(2, '0')}`;
    const environment = weighted(random, environments);
    const { role } = kind;
    return {
      identity: `${hostname}.${domain}`,
      facts: {
        ...operatingSystemFacts(weighted(random, operatingSystems)),
        ...hardwareFacts(random, kind),
        networking: networkFacts(random, hostname, domain, octet, index),
        timezone,
        path: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        role,
        environment,
        region,
        datacenter: pick(random, datacenters),
        customer: pick(random, customers),
      },
      classes: ['settings', 'profile::base', `role::${role}`, ...kind.profiles.map((profile) => `profile::${profile}`)],
      collectives: collectives.filter((_collective, position) => position === 0 || (index + position) % 2 === 0),
    };
  });
}
