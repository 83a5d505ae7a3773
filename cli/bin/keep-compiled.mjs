import { mkdirSync, statSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Whether a folder is there, or can be made, that nobody else can write: what is taken from it is run. @param {string} folder */
function isOurs(folder) {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    return uid === process.geteuid?.() && (mode & 0o022) === 0;
  } catch {
    return false;
  }
}

/**
 * Keeps what Node compiles of a program, in the cache folder of whoever starts it, so that it starts sooner the next time. Does nothing where that folder is
 * not theirs alone, or where Node is too old for it.
 *
 * @param {string} name of the program
 */
export function keepCompiled(name) {
  const { XDG_CACHE_HOME: told = '' } = process.env;
  const folder = join(isAbsolute(told) ? told : join(homedir(), '.cache'), name, 'compiled');
  if (isOurs(folder)) module.enableCompileCache?.(folder);
}
