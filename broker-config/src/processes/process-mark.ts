import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** One process for good: its number may be given to another one later, number and start time together never. */
export interface ProcessMark {
  readonly pid: number;
  /** When it started, in clock ticks since the machine did. */
  readonly startTicks: number;
}

const pollMs = 20;

/** State letter and start time of a process from Linux's `/proc/PID/stat`, whose second field may hold blanks and brackets. */
function procStat(pid: number): { state: string; startTicks: number } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const startTicks = Number(fields[19]);
  return state === undefined || Number.isNaN(startTicks) ? undefined : { state, startTicks };
}

/** The mark of a process that runs now. */
export function markProcess(pid: number): ProcessMark | undefined {
  const stat = procStat(pid);
  return stat && { pid, startTicks: stat.startTicks };
}

/** True until it has ended; one that has ended and was not yet collected by its parent does not run. */
export function processIsRunning(mark: ProcessMark): boolean {
  const stat = procStat(mark.pid);
  return stat?.startTicks === mark.startTicks && stat.state !== 'Z' && stat.state !== 'X';
}

function signal(mark: ProcessMark, name: NodeJS.Signals): void {
  try {
    if (processIsRunning(mark)) process.kill(mark.pid, name);
  } catch {
    // It ended between the look and the signal.
  }
}

async function gone(mark: ProcessMark, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (processIsRunning(mark)) {
    if (performance.now() > deadline) return false;
    await delay(pollMs);
  }
  return true;
}

/** Asks a process to end, even one that is stopped; after `graceMs` it is killed. Resolves when it is gone. */
export async function stopProcess(mark: ProcessMark, graceMs: number): Promise<void> {
  signal(mark, 'SIGTERM');
  signal(mark, 'SIGCONT');
  if (await gone(mark, graceMs)) return;
  signal(mark, 'SIGKILL');
  await gone(mark, graceMs);
}
