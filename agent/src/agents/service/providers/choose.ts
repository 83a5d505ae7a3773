import { stat } from 'node:fs/promises';
import {
  providerNames,
  type ProviderName,
  type ProviderTools,
  type ServiceProvider,
  type ServiceReader,
} from './provider.ts';
import { systemdProvider, systemdReader } from './systemd.ts';
import { scriptFolder, sysvProvider, sysvReader } from './sysv.ts';

/** It is there while systemd runs the machine, whatever is installed: sd_booted(3). */
const systemdFolder = '/run/systemd/system';

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** Who looks after the services of the node: whom the settings name, else systemd where it runs. */
export async function chooseProvider(settings: Readonly<Record<string, unknown>>): Promise<ProviderName | undefined> {
  const wanted = providerNames.find((name) => name === settings['provider']);
  if (wanted !== undefined) return wanted;
  if (await isFolder(systemdFolder)) return 'systemd';
  return (await isFolder(scriptFolder)) ? 'sysv' : undefined;
}

export const createProvider = (name: ProviderName, tools: ProviderTools): ServiceProvider =>
  name === 'systemd' ? systemdProvider(tools) : sysvProvider(tools);

export const createReader = (name: ProviderName, tools: Pick<ProviderTools, 'run'>): ServiceReader =>
  name === 'systemd' ? systemdReader(tools) : sysvReader(tools);
