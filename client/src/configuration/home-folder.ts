import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The folder with the person's configuration: `MUSTER_HOME`, else `muster` in the user's own configuration folder. */
export function homeFolder(env: Readonly<Record<string, string | undefined>>): string {
  const chosen = env['MUSTER_HOME'];
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  const own = env['XDG_CONFIG_HOME'];
  return own !== undefined && own !== '' ? resolve(own, 'muster') : join(homedir(), '.config', 'muster');
}
