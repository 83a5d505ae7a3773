import { readFile } from 'node:fs/promises';

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}

/**
 * The process that a file of Puppet's names; undefined when the file is missing, or left over from a process that has gone. As
 * Puppet itself does, we look whether the process is one of Puppet: numbers are given again.
 */
export async function puppetProcessIn(file: string): Promise<number | undefined> {
  const text = (await textOf(file)).trim();
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const name = (await textOf(`/proc/${text}/comm`)).trim();
  const isPuppet = /puppet(-.*)?$/.test(name);
  const isRuby = name.includes('ruby') && (await textOf(`/proc/${text}/cmdline`)).includes('puppet');
  return isPuppet || isRuby ? Number(text) : undefined;
}
