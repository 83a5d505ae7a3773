import type { Facts } from '../value.ts';
import type { System } from './system.ts';

const families: Readonly<Record<string, readonly string[]>> = {
  Debian: ['debian', 'ubuntu', 'raspbian', 'linuxmint', 'kali', 'devuan', 'pop'],
  RedHat: ['rhel', 'centos', 'fedora', 'rocky', 'almalinux', 'ol', 'amzn', 'scientific', 'cloudlinux'],
  Suse: ['sles', 'sled', 'sle_hpc', 'sles_sap', 'opensuse', 'opensuse-leap', 'opensuse-tumbleweed', 'suse'],
  Archlinux: ['arch', 'manjaro'],
  Gentoo: ['gentoo'],
  Alpine: ['alpine'],
};

const names: Readonly<Partial<Record<string, string>>> = {
  debian: 'Debian',
  ubuntu: 'Ubuntu',
  raspbian: 'Raspbian',
  linuxmint: 'LinuxMint',
  rhel: 'RedHat',
  centos: 'CentOS',
  fedora: 'Fedora',
  rocky: 'Rocky',
  almalinux: 'AlmaLinux',
  ol: 'OracleLinux',
  amzn: 'Amazon',
  sles: 'SLES',
  sled: 'SLED',
  'opensuse-leap': 'openSUSE',
  'opensuse-tumbleweed': 'openSUSE',
  arch: 'Archlinux',
  alpine: 'Alpine',
};

const debianMachines: Readonly<Partial<Record<string, string>>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  i686: 'i386',
  armv7l: 'armhf',
};

/** `KEY=value` lines of os-release, without their quotes. */
const parseRelease = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\n').flatMap((line) => {
      const match = /^([A-Z_]+)=(["']?)(.*)\2$/.exec(line.trim());
      return match === null ? [] : [[match[1] ?? '', match[3] ?? ''] as const];
    }),
  );

const familyOf = (id: string, like: readonly string[]): string | undefined =>
  [id, ...like].flatMap((name) => Object.entries(families).filter(([, ids]) => ids.includes(name))).at(0)?.[0];

function releaseOf(full: string): Facts {
  const [major, minor] = full.split('.');
  return { full, ...(major === undefined ? {} : { major }), ...(minor === undefined ? {} : { minor }) };
}

async function fullRelease(system: System, id: string, versionId: string): Promise<string> {
  // os-release of Debian names the major version alone.
  const precise = id === 'debian' ? await system.read('/etc/debian_version') : undefined;
  return precise !== undefined && /^\d/.test(precise) ? precise : versionId;
}

/** `os`: name, family, architecture, hardware, release, distro, selinux. */
export async function osFacts(system: System): Promise<Facts> {
  const text = (await system.read('/etc/os-release')) ?? (await system.read('/usr/lib/os-release')) ?? '';
  const fields = parseRelease(text);
  const id = fields.get('ID') ?? 'linux';
  const name = names[id] ?? fields.get('NAME') ?? 'Linux';
  const family = familyOf(id, (fields.get('ID_LIKE') ?? '').split(' ')) ?? name;
  const release = releaseOf(await fullRelease(system, id, fields.get('VERSION_ID') ?? ''));
  const codename = fields.get('VERSION_CODENAME');
  const enforcing = await system.read('/sys/fs/selinux/enforce');
  return {
    os: {
      name,
      family,
      architecture: (family === 'Debian' ? debianMachines[system.machine] : undefined) ?? system.machine,
      hardware: system.machine,
      release,
      distro: {
        id: name,
        description: fields.get('PRETTY_NAME') ?? name,
        release,
        ...(codename === undefined ? {} : { codename }),
      },
      selinux:
        enforcing === undefined
          ? { enabled: false }
          : {
              enabled: true,
              enforced: enforcing === '1',
              current_mode: enforcing === '1' ? 'enforcing' : 'permissive',
            },
    },
  };
}

/** `kernel`, `kernelrelease`, `kernelversion`, `kernelmajversion`. */
export function kernelFacts(system: System): Promise<Facts> {
  const version = /^\d+(\.\d+)*/.exec(system.kernelRelease)?.[0] ?? system.kernelRelease;
  return Promise.resolve({
    kernel: 'Linux',
    kernelrelease: system.kernelRelease,
    kernelversion: version,
    kernelmajversion: version.split('.').slice(0, 2).join('.'),
  });
}
