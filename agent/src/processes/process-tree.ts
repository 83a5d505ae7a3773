import { readdirSync, readFileSync } from 'node:fs';
import { parseProcStat } from '@muster/runtime/processes';

interface ProcessLine {
  readonly pid: number;
  readonly parent: number;
}

function processLine(pid: number): ProcessLine | undefined {
  try {
    const stat = parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return stat && { pid, parent: stat.field(4) };
  } catch {
    return undefined;
  }
}

const processNumbers = (): readonly number[] =>
  readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));

/** Whether a process was given that variable when it started. */
function wasStartedWith(pid: number, variable: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(variable);
  } catch {
    return false;
  }
}

function signal(target: number, name: NodeJS.Signals): void {
  try {
    process.kill(target, name);
  } catch {
    // It has ended, or is not ours to end.
  }
}

/** Signals a whole process group. A group that has ended is none. */
export const signalGroup = (group: number, name: NodeJS.Signals): void => {
  signal(-group, name);
};

/** Kills a process with all that it has started, in whichever groups they are, as far as they still have their parents. */
export function killTree(root: number): void {
  const lines = processNumbers().flatMap((pid) => processLine(pid) ?? []);
  const doomed = new Set([root]);
  // Parents may stand behind their children, so one look is not enough.
  for (let before = 0; before !== doomed.size;) {
    before = doomed.size;
    for (const { pid, parent } of lines) if (doomed.has(parent)) doomed.add(pid);
  }
  for (const pid of doomed) signal(pid, 'SIGKILL');
  signalGroup(root, 'SIGKILL');
}

/** Kills every process that was started with an environment variable, such as `NAME=VALUE`: daemons that left their group too. */
export function killMarked(variable: string): void {
  for (const pid of processNumbers()) if (wasStartedWith(pid, variable)) signal(pid, 'SIGKILL');
}
