import { aptProvider } from './apt.ts';
import { dnfProvider } from './dnf.ts';
import { dpkgDatabase } from './dpkg.ts';
import {
  providerNames,
  type PackageDatabase,
  type PackageProvider,
  type ProviderName,
  type ProviderTools,
} from './provider.ts';
import { rpmDatabase } from './rpm.ts';
import { zypperProvider } from './zypper.ts';

/** The programs by which a node shows that it has a package manager. */
const programs: Readonly<Record<ProviderName, readonly string[]>> = {
  apt: ['dpkg-query', 'apt-get'],
  zypper: ['rpm', 'zypper'],
  dnf: ['rpm', 'dnf'],
  yum: ['rpm', 'yum'],
};

const isProviderName = (name: unknown): name is ProviderName => providerNames.some((known) => known === name);

/** The package manager that the settings name, or the first whose programs the node has. */
export async function chooseProvider(
  settings: Readonly<Record<string, unknown>>,
  findProgram: (name: string) => Promise<string | undefined>,
): Promise<ProviderName | undefined> {
  const wanted = settings['provider'];
  if (isProviderName(wanted)) return wanted;
  for (const name of providerNames) {
    const found = await Promise.all(programs[name].map(findProgram));
    if (!found.includes(undefined)) return name;
  }
  return undefined;
}

export function createProvider(name: ProviderName, tools: ProviderTools): PackageProvider {
  switch (name) {
    case 'apt':
      return aptProvider(tools);
    case 'zypper':
      return zypperProvider(tools);
    case 'dnf':
    case 'yum':
      return dnfProvider(name, tools);
  }
}

/** The database that a package manager keeps its packages in. */
export const createDatabase = (name: ProviderName, tools: Pick<ProviderTools, 'run' | 'root'>): PackageDatabase =>
  name === 'apt' ? dpkgDatabase(tools) : rpmDatabase(name, tools);
