import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The person's own folder, which has the book of profiles and is the first home: `muster` in the user's own configuration folder. */
export function ownFolder(env: Environment): string {
  const own = env['XDG_CONFIG_HOME'];
  return own !== undefined && own !== '' ? resolve(own, 'muster') : join(homedir(), '.config', 'muster');
}

/** The folder with the person's configuration where no profile says another: `MUSTER_HOME`, else the person's own. */
export function homeFolder(env: Environment): string {
  const chosen = env['MUSTER_HOME'];
  return chosen !== undefined && chosen !== '' ? resolve(chosen) : ownFolder(env);
}
