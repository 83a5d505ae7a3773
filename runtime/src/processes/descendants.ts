import { readdirSync, readFileSync } from 'node:fs';
import { parseProcStat } from './proc-stat.ts';

function parentOf(pid: number): number | undefined {
  try {
    return parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.field(4);
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

/** The numbers of all processes of the machine at this moment. */
export const processNumbers = (): readonly number[] =>
  readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));

/** A process and all that it has started, in whichever groups they are, as far as they still have their parents. */
export function withDescendants(root: number): readonly number[] {
  const lines = processNumbers().map((pid) => ({ pid, parent: parentOf(pid) }));
  const found = new Set([root]);
  // Parents may stand behind their children, so one look is not enough.
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const { pid, parent } of lines) if (parent !== undefined && found.has(parent)) found.add(pid);
  }
  return [...found];
}
