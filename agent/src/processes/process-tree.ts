import { readFileSync } from 'node:fs';
import { processNumbers, withDescendants } from '@muster/runtime/processes';

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
  for (const pid of withDescendants(root)) signal(pid, 'SIGKILL');
  signalGroup(root, 'SIGKILL');
}

/** Kills every process that was started with an environment variable, such as `NAME=VALUE`: daemons that left their group too. */
export function killMarked(variable: string): void {
  for (const pid of processNumbers()) if (wasStartedWith(pid, variable)) signal(pid, 'SIGKILL');
}
