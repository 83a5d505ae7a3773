import { homedir } from 'node:os';
import { resolve } from 'node:path';

/** A path as a person types it: blanks and quotes around it do not count, `~/` is the person's own folder. */
export function givenPath(text: string): string {
  const path = text.trim().replace(/^(["'])(.*)\1$/, '$2');
  return path.startsWith('~/') ? resolve(homedir(), path.slice(2)) : resolve(homedir(), path);
}
