import { readFile } from 'node:fs/promises';
import { parseProcStat } from './proc-stat.ts';

/** A process as it can be told from another that gets its number later. */
export interface ProcessMark {
  readonly pid: number;
  /** When it started, in clock ticks since the machine did. */
  readonly started: string;
}

/** proc(5): when the process started. */
const startedField = 22;

async function statText(pid: number): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

/** The mark of a process that runs; undefined when there is none of that number, or only what is left of one. */
export async function processMark(pid: number): Promise<ProcessMark | undefined> {
  const stat = parseProcStat(await statText(pid));
  return stat === undefined || stat.state === 'Z' ? undefined : { pid, started: String(stat.field(startedField)) };
}

/** Whether a marked process still runs. */
export async function isAlive(mark: ProcessMark): Promise<boolean> {
  return (await processMark(mark.pid))?.started === mark.started;
}
