import { describe, expect, it } from 'vitest';
import type { Facts } from '../value.ts';
import { networkOf, scopeOf } from './addresses.ts';
import { builtinFacts, thisSystem, type System } from './index.ts';
import { humanBytes } from './sizes.ts';

/** A machine made of file contents; folders are what the paths imply. */
function recorded(files: Readonly<Record<string, string>>, more: Partial<System> = {}): System {
  return {
    read: (path) => Promise.resolve(files[path]?.trim()),
    readBytes: (path) => Promise.resolve(files[path] === undefined ? undefined : Buffer.from(files[path])),
    list: (path) => {
      const prefix = path.endsWith('/') ? path : `${path}/`;
      const inside = Object.keys(files).filter((file) => file.startsWith(prefix));
      return Promise.resolve([...new Set(inside.map((file) => file.slice(prefix.length).split('/')[0] ?? ''))].sort());
    },
    space: () => Promise.resolve({ sizeBytes: 1000, freeBytes: 400, availableBytes: 200 }),
    interfaces: () => ({}),
    hostname: 'db1',
    kernelRelease: '5.14.0-362.el9.x86_64',
    machine: 'x86_64',
    loads: () => [0.5, 0.25, 0.125],
    user: () => ({ uid: 0, gid: 0, name: 'root' }),
    ...more,
  };
}

const collect = async (files: Readonly<Record<string, string>>, more: Partial<System> = {}): Promise<Facts> =>
  builtinFacts(recorded(files, more), () => 0);

describe('built-in facts', () => {
  it('of a RHEL machine on VMware', async () => {
    const facts = await collect({
      '/etc/os-release':
        'NAME="Red Hat Enterprise Linux"\nID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.3"\nPRETTY_NAME="Red Hat Enterprise Linux 9.3 (Plow)"\n',
      '/sys/fs/selinux/enforce': '1',
      '/proc/meminfo': 'MemTotal:        2048 kB\nMemAvailable:    1024 kB\nSwapTotal:  1024 kB\nSwapFree:  1024 kB\n',
      '/proc/uptime': '93784.21 1000.00',
      '/sys/class/dmi/id/sys_vendor': 'VMware, Inc.',
      '/sys/class/dmi/id/product_name': 'VMware7,1',
      '/proc/cpuinfo': Array.from(
        { length: 4 },
        (_, cpu) =>
          `processor\t: ${cpu}\nmodel name\t: Xeon\ncpu MHz\t: 2100.0\nphysical id\t: ${cpu >> 1}\nsiblings\t: 2\ncpu cores\t: 1\n`,
      ).join('\n'),
      '/etc/localtime': 'TZif2...\nCET-1CEST,M3.5.0,M10.5.0/3\n',
      '/etc/group': 'root:x:0:\n',
    });
    expect(facts).toMatchObject({
      os: {
        name: 'RedHat',
        family: 'RedHat',
        architecture: 'x86_64',
        release: { full: '9.3', major: '9', minor: '3' },
        selinux: { enabled: true, enforced: true, current_mode: 'enforcing' },
      },
      kernelversion: '5.14.0',
      kernelmajversion: '5.14',
      memory: {
        system: { total: '2.00 MiB', total_bytes: 2_097_152, used_bytes: 1_048_576, capacity: '50.00%' },
        swap: { capacity: '0.00%' },
      },
      processors: {
        count: 4,
        physicalcount: 2,
        cores: 1,
        threads: 2,
        speed: '2.10 GHz',
        models: ['Xeon', 'Xeon', 'Xeon', 'Xeon'],
      },
      system_uptime: { days: 1, hours: 26, seconds: 93_784, uptime: '1 day' },
      load_averages: { '1m': 0.5, '5m': 0.25, '15m': 0.13 },
      virtual: 'vmware',
      is_virtual: true,
      dmi: { manufacturer: 'VMware, Inc.', product: { name: 'VMware7,1' } },
      identity: { uid: 0, group: 'root', privileged: true },
    });
    expect(['CET', 'CEST']).toContain(facts['timezone']);
  });

  it.each([
    [{}, 'physical', false],
    [{ '/.dockerenv': '' }, 'docker', true],
    [{ '/run/.containerenv': '' }, 'podman', true],
    [{ '/proc/1/environ': 'A=1\0container=lxc\0' }, 'lxc', true],
    [{ '/sys/class/dmi/id/sys_vendor': 'QEMU' }, 'kvm', true],
    [
      { '/sys/class/dmi/id/sys_vendor': 'Microsoft Corporation', '/sys/class/dmi/id/product_name': 'Virtual Machine' },
      'hyperv',
      true,
    ],
    [
      { '/sys/class/dmi/id/sys_vendor': 'Microsoft Corporation', '/sys/class/dmi/id/product_name': 'Surface' },
      'physical',
      false,
    ],
    [{ '/proc/cpuinfo': 'processor\t: 0\nflags\t\t: fpu hypervisor sse' }, 'unknown', true],
  ])('%j is %s', async (files, virtual, isVirtual) => {
    expect(await collect(files)).toMatchObject({ virtual, is_virtual: isVirtual });
  });

  it('of disks and mounts, without asking servers that may not answer', async () => {
    const asked: string[] = [];
    const facts = await collect(
      {
        '/proc/mounts':
          '/dev/sda1 / ext4 rw,noatime 0 0\nproc /proc proc rw 0 0\nfiler:/x /mnt/my\\040files nfs4 rw 0 0\n',
        '/proc/filesystems': 'nodev\tsysfs\n\txfs\n\text4\n',
        '/sys/block/sda/device/model': 'Disk\n',
        '/sys/block/sda/size': '2048',
        '/sys/block/sda/queue/rotational': '0',
        '/sys/block/loop0/size': '10',
      },
      {
        space: (path) => {
          asked.push(path);
          return Promise.resolve({ sizeBytes: 1000, freeBytes: 400, availableBytes: 200 });
        },
      },
    );
    expect(asked).toEqual(['/']);
    expect(facts).toMatchObject({
      mountpoints: {
        '/': {
          device: '/dev/sda1',
          filesystem: 'ext4',
          options: ['rw', 'noatime'],
          size_bytes: 1000,
          used_bytes: 600,
          available_bytes: 200,
          capacity: '75.00%',
        },
        '/mnt/my files': { device: 'filer:/x', filesystem: 'nfs4', options: ['rw'] },
      },
      disks: { sda: { model: 'Disk', size: '1.00 MiB', type: 'ssd' } },
      filesystems: 'ext4,xfs',
    });
    expect(Object.keys(facts['disks'] as object)).toEqual(['sda']);
  });

  it('of networking: the interface of the default route is the primary one', async () => {
    const address = { family: 'IPv4' as const, mac: '', internal: false, cidr: null };
    const facts = await collect(
      {
        '/proc/net/route':
          'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\neth1\t00000000\t0100000A\t3\t0\t0\t0\t00000000\n',
        '/etc/resolv.conf': 'search example.com other.example\n',
        '/sys/class/net/eth0/mtu': '1500',
        '/sys/class/net/eth1/mtu': '9000',
        '/sys/class/net/eth1/address': '02:00:00:00:00:01',
      },
      {
        interfaces: () => ({
          eth0: [{ ...address, address: '192.0.2.7', netmask: '255.255.255.0' }],
          eth1: [
            { ...address, address: '10.1.2.3', netmask: '255.255.0.0' },
            { ...address, family: 'IPv6', scopeid: 2, address: 'fe80::1', netmask: 'ffff:ffff:ffff:ffff::' },
            { ...address, family: 'IPv6', scopeid: 0, address: '2001:db8:1:2::3', netmask: 'ffff:ffff:ffff:ffff::' },
          ],
        }),
      },
    );
    expect(facts['networking']).toMatchObject({
      hostname: 'db1',
      domain: 'example.com',
      fqdn: 'db1.example.com',
      primary: 'eth1',
      ip: '10.1.2.3',
      network: '10.1.0.0',
      mtu: 9000,
      mac: '02:00:00:00:00:01',
      ip6: '2001:db8:1:2::3',
      network6: '2001:db8:1:2::',
      scope6: 'global',
      interfaces: {
        eth0: { ip: '192.0.2.7', mtu: 1500 },
        eth1: { bindings6: [{ scope6: 'link' }, { scope6: 'global' }] },
      },
    });
  });

  it('of this machine have the parts that filters rely on', async () => {
    const facts = await builtinFacts(thisSystem(), Date.now);
    for (const name of [
      'os',
      'kernel',
      'networking',
      'memory',
      'processors',
      'mountpoints',
      'system_uptime',
      'virtual',
      'timezone',
    ]) {
      expect(facts, name).toHaveProperty(name);
    }
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  });

  it('of a machine that tells nothing still stand', async () => {
    expect(await collect({})).toMatchObject({
      os: { name: 'Linux' },
      processors: { count: 0 },
      timezone: 'UTC',
      is_virtual: false,
    });
  });
});

describe('addresses and sizes', () => {
  it('know networks and scopes', () => {
    expect(networkOf('10.1.2.3', '255.255.128.0')).toBe('10.1.0.0');
    expect(networkOf('2001:db8::ff00:42:8329', 'ffff:ffff:ffff::')).toBe('2001:db8::');
    expect(networkOf('::ffff:10.1.2.3', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:0')).toBe('::ffff:a01:0');
    expect(['::1', 'fe80::1', 'fec0::1', '2001:db8::1'].map(scopeOf)).toEqual(['host', 'link', 'site', 'global']);
  });

  it.each([
    [0, '0 bytes'],
    [1023, '1023 bytes'],
    [1024, '1.00 KiB'],
    [274_877_906_944, '256.00 GiB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(humanBytes(bytes)).toBe(text);
  });
});
