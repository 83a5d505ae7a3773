import type { NodeDetail, ResultDetail, RunOrder } from '@muster/protocol/bridge';

/** What Puppet logs in a run that changes and fails something. */
const fakeLog = (nowMs: number) =>
  [
    ['info', 'Puppet', 'Using environment production'],
    ['info', 'Puppet', "Applying configuration version '1764000600'"],
    [
      'notice',
      '/Stage[main]/Nginx/File[/etc/nginx/nginx.conf]/content',
      "content changed '{sha256}2c1f0a' to '{sha256}9b07d3'",
    ],
    ['notice', '/Stage[main]/Nginx/Service[nginx]', "Triggered 'refresh' from 1 event"],
    ['warning', 'Puppet', 'The hiera key ntp::servers is deprecated'],
    [
      'err',
      '/Stage[main]/App/Package[app]/ensure',
      'change from 1.2 to 1.3 failed: Could not update: no candidate version found',
    ],
    ['notice', 'Puppet', 'Applied catalog in 12.41 seconds'],
  ].map(([level = '', source = '', msg = ''], index) => ({
    level,
    source,
    msg,
    time_utc: Math.floor(nowMs / 1000) - 240 + index,
    time: '',
  }));

/** What the node answers to the order. */
export function fakeData(order: RunOrder, node: NodeDetail, index: number, nowMs: number): ResultDetail['data'] {
  switch (order.action) {
    case 'ping':
      return { pong: Math.floor(nowMs / 1000) };
    case 'get_fact':
      return {
        ...order.inputs,
        value: node.facts[JSON.stringify(order.inputs['fact']).slice(1, -1)] ?? null,
      };
    case 'status':
      return packageStatus(index);
    case 'checkupdates':
      return { package_manager: 'apt', outdated_packages: outdated(index) };
    case 'last_run_summary':
      return { logs: fakeLog(nowMs) };
    case 'restart':
      return { status: 'running' };
    default:
      return { agents: node.agents.map(({ name }) => name), facts: node.facts, version: node.agentVersion };
  }
}

/** Two nodes have an older version, and lack something that the new one needs. */
function packageStatus(index: number): ResultDetail['data'] {
  const isOld = index === 3 || index === 17;
  return {
    ensure: isOld ? '1.22.1-9' : '1.22.1-9+deb12u1',
    name: 'nginx',
    version: '1.22.1',
    release: isOld ? '9' : '9+deb12u1',
    arch: 'amd64',
    epoch: 0,
    held: isOld,
    size: isOld ? 1284 : 1362,
    depends: ['libc6 (>= 2.34)', ...(isOld ? [] : ['libcrypt1 (>= 1:4.1.0)']), 'nginx-common', 'zlib1g (>= 1:1.1.4)'],
    provider: 'apt',
  };
}

/** Every third node could have a newer curl, every second of those a newer openssl besides. */
function outdated(index: number) {
  const update = (name: string, version: string) => ({ package: name, version, installed: '1.0', repo: 'stable' });
  return [
    ...(index % 3 === 0 ? [update('curl', '7.88.1-10+deb12u8')] : []),
    ...(index % 6 === 0 ? [update('openssl', '3.0.15-1~deb12u1')] : []),
  ];
}
