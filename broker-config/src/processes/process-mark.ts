import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseProcStat, type ProcStat } from '@muster/runtime/processes';

/** One process for good: its number may be given to another one later, number and start time together never. */
export interface ProcessMark {
  readonly pid: number;
  /** When it started, in clock ticks since the machine did. */
  readonly startTicks: number;
}

const pollMs = 20;

const threadsOf = (stat: ProcStat): number => stat.field(20);
const startTicksOf = (stat: ProcStat): number => stat.field(22);

function procStat(pid: number): ProcStat | undefined {
  try {
    const stat = parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return stat === undefined || Number.isNaN(startTicksOf(stat)) ? undefined : stat;
  } catch {
    return undefined;
  }
}

/** The mark of a process that runs now. */
export function markProcess(pid: number): ProcessMark | undefined {
  const stat = procStat(pid);
  return stat && { pid, startTicks: startTicksOf(stat) };
}

/**
 * Whether the process has ended and only its parent has not yet collected it. A killed process of many threads shows as
 * ended before the last of them is, and until then its files and ports stay open.
 */
const hasEnded = (stat: ProcStat): boolean => stat.state === 'X' || (stat.state === 'Z' && threadsOf(stat) <= 1);

/** True until it has ended, with all its threads; one that was not yet collected by its parent does not run. */
export function processIsRunning(mark: ProcessMark): boolean {
  const stat = procStat(mark.pid);
  return stat !== undefined && startTicksOf(stat) === mark.startTicks && !hasEnded(stat);
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

/**
 * Asks a process to end, even one that is stopped; after `graceMs`, or at once with SIGKILL, it is killed. Resolves
 * when it is gone.
 */
export async function stopProcess(
  mark: ProcessMark,
  graceMs: number,
  by: 'SIGTERM' | 'SIGKILL' = 'SIGTERM',
): Promise<void> {
  signal(mark, by);
  signal(mark, 'SIGCONT');
  if (await gone(mark, graceMs)) return;
  signal(mark, 'SIGKILL');
  await gone(mark, graceMs);
}
