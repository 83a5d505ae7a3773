import type { NodeDetail, FleetAgent } from '@muster/protocol/bridge';
import { agentDdlSchema, type AgentDdl } from '@muster/protocol/ddl';

/** A sequence of numbers from 0 to 1 that is the same for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const systems = [
  { name: 'Debian', family: 'Debian', release: { full: '12.5', major: '12' } },
  { name: 'Debian', family: 'Debian', release: { full: '11.9', major: '11' } },
  { name: 'Ubuntu', family: 'Debian', release: { full: '24.04', major: '24.04' } },
  { name: 'RedHat', family: 'RedHat', release: { full: '9.3', major: '9' } },
  { name: 'SLES', family: 'Suse', release: { full: '15.5', major: '15' } },
] as const;
type System = (typeof systems)[number];
const roles = ['web', 'web', 'web', 'db', 'cache', 'proxy', 'build'] as const;
const places = ['fra', 'ams', 'iad'] as const;

/** Nodes as a company might have them. */
export function fakeNodes(count: number, seed: number, nowMs: number): readonly NodeDetail[] {
  const random = seededRandom(seed);
  const pick = <T>(items: readonly [T, ...T[]]): T => items[Math.floor(random() * items.length)] ?? items[0];
  const perRole = new Map<string, number>();
  return Array.from({ length: count }, () => {
    const role = pick(roles);
    const place = pick(places);
    const number = (perRole.get(role) ?? 0) + 1;
    perRole.set(role, number);
    const cpus = pick([2, 4, 8, 16, 32] as const);
    const memoryMiB = cpus * 2048;
    return {
      identity: `${role}${String(number).padStart(2, '0')}.${place}.example.com`,
      collectives: place === 'iad' ? ['muster', 'us'] : ['muster', 'eu'],
      facts: {
        os: pick<System>(systems),
        kernel: { name: 'Linux', release: '6.1.0-18-amd64' },
        role,
        environment: random() < 0.8 ? 'production' : 'staging',
        datacenter: place,
        virtual: random() < 0.7 ? 'kvm' : 'physical',
        processors: { count: cpus, models: Array.from({ length: 2 }, () => 'AMD EPYC 7543') },
        memory: { system: { total: `${memoryMiB / 1024} GiB`, total_bytes: memoryMiB * 1024 ** 2 } },
        networking: {
          hostname: `${role}${number}`,
          interfaces: { eth0: { ip: `10.1.${cpus}.${number % 250}`, mtu: 1500 } },
        },
        uptime: { days: Math.floor(random() * 400), seconds: Math.floor(random() * 3e7) },
        'puppet.version': '8.5.1',
      },
      classes: ['base', `role::${role}`, ...(role === 'web' ? ['nginx', 'nginx::vhost'] : []), 'ssh::server'],
      agents: [
        { name: 'discovery', version: '1.0.0' },
        { name: 'puppet', version: '1.0.0' },
        { name: 'rpcutil', version: '1.0.0' },
        { name: 'package', version: '5.4.0' },
        { name: 'service', version: random() < 0.08 ? '1.3.0' : '1.2.0' },
      ],
      agentVersion: '0.1.0',
      firstSeenMs: nowMs - 40 * 86_400_000,
      lastSeenMs: nowMs - Math.floor(random() ** 4 * 900_000),
      syncedAtMs: nowMs - 3_600_000,
      clockSkewMs: Math.round((random() - 0.5) * 60),
    };
  });
}

const text = (prompt: string, description: string, more = {}) =>
  ({ type: 'string', prompt, description, validation: '.', maxlength: 255, ...more }) as const;
const flag = (prompt: string, description: string) =>
  ({ type: 'boolean', prompt, description, optional: true }) as const;
const output = (display_as: string, description: string) => ({ display_as, description, type: 'any' as const });
const metadata = { author: 'Muster', license: 'Apache-2.0', version: '1.0.0', url: 'https://example.com', timeout: 10 };

/** What the nodes can do: reading, changing and destroying, with inputs of every type. */
const agents: readonly AgentDdl[] = (
  [
    {
      kind: 'agent',
      name: 'rpcutil',
      description: 'General questions to any node',
      ...metadata,
      actions: [
        {
          name: 'ping',
          description: 'Answers with the time',
          effect: 'read',
          outputs: { pong: output('Time', 'The time on the node') },
        },
        {
          name: 'get_fact',
          description: 'Tells the value of one fact',
          effect: 'read',
          inputs: { fact: text('Fact', 'Name or path of the fact') },
          outputs: { fact: output('Fact', 'The fact that was asked for'), value: output('Value', 'Its value') },
        },
        {
          name: 'inventory',
          description: 'Tells agents, facts, classes and version',
          effect: 'read',
          outputs: {
            agents: output('Agents', 'Names of all agents'),
            facts: output('Facts', 'All facts'),
            version: output('Version', 'Version of the agent'),
          },
        },
      ],
    },
    {
      kind: 'agent',
      name: 'puppet',
      description: 'Runs Puppet, tells of it, and enables and disables it',
      ...metadata,
      timeout: 20,
      actions: [
        {
          name: 'runonce',
          description: 'Runs Puppet once',
          effect: 'write',
          inputs: {
            force: flag('Force', 'Run at once, without the usual pause'),
            noop: flag('No-op', 'Only tell what would change'),
            tags: text('Tags', 'Only what has these tags, with commas between them', {
              optional: true,
              validation: 'puppet_tags',
              maxlength: 120,
            }),
            environment: text('Environment', 'Another environment than the usual one', {
              optional: true,
              validation: 'puppet_environment',
              maxlength: 50,
            }),
            splay: flag('Splay', 'Wait for a random time before the run'),
            splaylimit: {
              type: 'number',
              prompt: 'Splay Limit',
              description: 'The longest wait, in seconds',
              optional: true,
            },
          },
          outputs: { summary: output('Summary', 'What was done') },
        },
        {
          name: 'disable',
          description: 'Keeps Puppet from running',
          effect: 'write',
          inputs: {
            message: text('Reason', 'Why', { optional: true, validation: 'shellsafe', maxlength: 120 }),
          },
          outputs: { status: output('Status', 'What was done') },
        },
        { name: 'enable', description: 'Lets Puppet run again', effect: 'write' },
        {
          name: 'last_run_summary',
          description: 'Tells of the last run',
          effect: 'read',
          inputs: { logs: flag('Logs', 'Tell the log too') },
          outputs: { logs: output('Logs', 'What Puppet logged') },
        },
      ],
    },
    {
      kind: 'agent',
      name: 'service',
      description: 'Looks after services',
      ...metadata,
      version: '1.2.0',
      timeout: 60,
      actions: [
        {
          name: 'restart',
          description: 'Restarts a service',
          effect: 'write',
          inputs: {
            service: text('Service', 'The service to restart', { validation: 'service_name', maxlength: 90 }),
            mode: {
              type: 'list',
              prompt: 'Mode',
              description: 'How to do it',
              list: ['graceful', 'hard'],
              default: 'graceful',
            },
            tries: { type: 'integer', prompt: 'Tries', description: 'How often to try', optional: true, default: 3 },
            wait: { type: 'boolean', prompt: 'Wait', description: 'Wait until it runs again', optional: true },
            environment: {
              type: 'hash',
              prompt: 'Environment',
              description: 'Variables to set, as JSON',
              optional: true,
            },
            passphrase: text('Passphrase', 'Unlocks the key of the service', { optional: true, sensitive: true }),
          },
          outputs: { status: output('Status', 'Whether the service runs afterwards') },
        },
        {
          name: 'purge',
          description: 'Removes a service and its data',
          effect: 'destructive',
          inputs: { service: text('Service', 'The service to remove', { validation: 'service_name', maxlength: 90 }) },
        },
      ],
    },
    {
      kind: 'agent',
      name: 'package',
      description: 'Looks after packages',
      ...metadata,
      version: '5.4.0',
      timeout: 180,
      actions: [
        {
          name: 'status',
          description: 'Tells whether a package is installed, and in which version',
          effect: 'read',
          inputs: {
            package: text('Package', 'The package to look for', { validation: 'package_name', maxlength: 90 }),
          },
          outputs: {
            ensure: output('Ensure', 'The whole version, or absent'),
            name: output('Name', 'Name of the package'),
            version: output('Version', 'Version as the maintainers count'),
            release: output('Release', 'Release of the distribution'),
            arch: output('Arch', 'Architecture'),
            epoch: { ...output('Epoch', 'Epoch of the version'), type: 'integer' },
            held: { ...output('Held', 'Whether it is kept from upgrades'), type: 'boolean' },
            size: { ...output('Size', 'What it takes on the disk, in KiB'), type: 'integer' },
            depends: { ...output('Depends', 'What it needs'), type: 'array' },
            provider: output('Provider', 'Who answers'),
          },
          aggregates: [
            { function: 'summary', output: 'ensure' },
            { function: 'boolean_summary', output: 'held', labels: { true: 'Held', false: 'Upgraded' } },
            { function: 'minmax', output: 'size' },
            { function: 'percentiles', output: 'size' },
            { function: 'chart', output: 'size' },
          ],
        },
        {
          name: 'checkupdates',
          description: 'Which packages could be updated',
          effect: 'read',
          outputs: {
            package_manager: output('Package Manager', 'The package manager'),
            outdated_packages: { ...output('Outdated Packages', 'Packages with a newer version'), type: 'array' },
          },
        },
        {
          name: 'update',
          description: 'Updates a package to the newest version',
          effect: 'write',
          inputs: { package: text('Package', 'The package to update', { validation: 'package_name', maxlength: 90 }) },
        },
      ],
    },
  ] as const
).map((ddl) => agentDdlSchema.parse(ddl));

/** What few nodes have already: it can do with one input more. */
const nextService: AgentDdl = {
  ...serviceOf(agents),
  version: '1.3.0',
  actions: serviceOf(agents).actions.map((action) =>
    action.name === 'restart'
      ? {
          ...action,
          inputs: {
            ...action.inputs,
            drain: {
              type: 'boolean',
              prompt: 'Drain',
              description: 'Let connections end before the restart',
              optional: true,
              sensitive: false,
            },
          },
        }
      : action,
  ),
};

function serviceOf(all: readonly AgentDdl[]): AgentDdl {
  const service = all.find(({ name }) => name === 'service');
  if (service === undefined) throw new Error('the fake fleet has no agent service');
  return service;
}

/** The DDLs of all versions of an agent. */
export const fakeVersions = (name: string): readonly AgentDdl[] =>
  [...agents, nextService].filter((ddl) => ddl.name === name);

/** The agents as the fleet has them. */
export const fakeAgents = (nodes: readonly NodeDetail[]): readonly FleetAgent[] =>
  agents.map((ddl) => {
    const versions = fakeVersions(ddl.name).map(({ version }) => ({
      version,
      nodes: nodes.filter((node) => node.agents.some((one) => one.name === ddl.name && one.version === version)).length,
    }));
    return { ddl, nodes: nodes.length, versions };
  });
