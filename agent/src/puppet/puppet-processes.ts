import { readFile } from 'node:fs/promises';

/** A process as it can be told from another that gets its number later. */
export interface ProcessMark {
  readonly pid: number;
  /** When it started, in clock ticks since the machine did. */
  readonly started: string;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}

/** Twentieth field after the name of a process, which may hold blanks and brackets: when it started. */
const startedField = 19;

/** The mark of a process that runs; undefined when there is none of that number, or only what is left of one. */
export async function processMark(pid: number): Promise<ProcessMark | undefined> {
  const text = await textOf(`/proc/${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const started = fields[startedField];
  return started === undefined || fields[0] === 'Z' ? undefined : { pid, started };
}

/** Whether a marked process still runs. */
export async function isAlive(mark: ProcessMark): Promise<boolean> {
  return (await processMark(mark.pid))?.started === mark.started;
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
