import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readSmallFile } from '@muster/runtime/config';

/** What the files of NRPE say. */
export interface NrpeConfiguration {
  /** Command lines by name; of equal names the last counts. */
  readonly commands: ReadonlyMap<string, string>;
  /** Whether a command may be given arguments: `dont_blame_nrpe`. */
  readonly arguments: boolean;
  /** Put before every command line; empty for none. */
  readonly prefix: string;
}

/** Most files that are read, so that directories that include each other end. */
const mostFiles = 1000;

const linePattern = /^\s*([\w.-]+)(?:\[([^\]\s]+)\])?\s*=\s*(.*?)\s*$/;

/** The `.cfg` files of a directory and of those in it, in order. */
async function cfgFiles(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true });
    return entries
      .filter((entry) => entry.endsWith('.cfg'))
      .sort()
      .map((entry) => join(folder, entry));
  } catch {
    return [];
  }
}

/** Reads NRPE's own configuration, with what it includes, and the files of a directory. What is missing says nothing. */
export async function readNrpe(file: string, folder: string): Promise<NrpeConfiguration> {
  const commands = new Map<string, string>();
  const seen = new Set<string>();
  const settings = new Map<string, string>();

  async function read(path: string): Promise<void> {
    if (seen.has(path) || seen.size >= mostFiles) return;
    seen.add(path);
    const text = await readSmallFile(path);
    if (!text.ok) return;
    for (const line of text.value.split('\n')) {
      const [, key = '', name, value = ''] = linePattern.exec(line) ?? [];
      if (key === 'command' && name !== undefined) commands.set(name, value);
      else if (key === 'include' || key === 'include_file') await read(value);
      else if (key === 'include_dir') for (const included of await cfgFiles(value)) await read(included);
      else if (name === undefined) settings.set(key, value);
    }
  }

  await read(file);
  for (const path of await cfgFiles(folder)) await read(path);
  return {
    commands,
    arguments: settings.get('dont_blame_nrpe') === '1',
    prefix: settings.get('command_prefix') ?? '',
  };
}
