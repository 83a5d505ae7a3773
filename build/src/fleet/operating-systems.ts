import type { Choices } from './seeded-random.ts';

/** An operating system as Facter would tell of it. */
export interface OperatingSystem {
  readonly family: string;
  readonly name: string;
  readonly major: string;
  readonly minor: string;
  readonly codename: string;
  readonly kernelRelease: string;
}

const debian12: OperatingSystem = {
  family: 'Debian',
  name: 'Debian',
  major: '12',
  minor: '11',
  codename: 'bookworm',
  kernelRelease: '6.1.0-37-amd64',
};
const debian11: OperatingSystem = { ...debian12, major: '11', codename: 'bullseye', kernelRelease: '5.10.0-34-amd64' };
const ubuntu2404: OperatingSystem = {
  family: 'Debian',
  name: 'Ubuntu',
  major: '24.04',
  minor: '2',
  codename: 'noble',
  kernelRelease: '6.8.0-60-generic',
};
const rocky9: OperatingSystem = {
  family: 'RedHat',
  name: 'Rocky',
  major: '9',
  minor: '5',
  codename: 'Blue Onyx',
  kernelRelease: '5.14.0-503.40.1.el9_5.x86_64',
};
const alma8: OperatingSystem = {
  family: 'RedHat',
  name: 'AlmaLinux',
  major: '8',
  minor: '10',
  codename: 'Cerulean Leopard',
  kernelRelease: '4.18.0-553.51.1.el8_10.x86_64',
};
const sles15: OperatingSystem = {
  family: 'Suse',
  name: 'SLES',
  major: '15',
  minor: '6',
  codename: 'n/a',
  kernelRelease: '6.4.0-150600.23.47-default',
};

export const operatingSystems: Choices<OperatingSystem> = [
  { weight: 40, value: debian12 },
  { weight: 10, value: debian11 },
  { weight: 15, value: ubuntu2404 },
  { weight: 20, value: rocky9 },
  { weight: 8, value: alma8 },
  { weight: 7, value: sles15 },
];

/** The facts `os`, `kernel` and its relatives. */
export function operatingSystemFacts(system: OperatingSystem): Record<string, unknown> {
  const { family, name, major, minor, codename, kernelRelease } = system;
  const release = { full: `${major}.${minor}`, major, minor };
  const kernelVersion = kernelRelease.split('-', 1)[0] ?? kernelRelease;
  return {
    os: {
      architecture: family === 'Debian' ? 'amd64' : 'x86_64',
      distro: { codename, description: `${name} ${release.full} (${codename})`, id: name, release },
      family,
      hardware: 'x86_64',
      name,
      release,
      selinux: { enabled: family === 'RedHat' },
    },
    kernel: 'Linux',
    kernelmajversion: kernelVersion.split('.').slice(0, 2).join('.'),
    kernelrelease: kernelRelease,
    kernelversion: kernelVersion,
  };
}
