import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isExecutable } from '../processes/index.ts';

/** An agent in a plugin folder: its description and its code. */
export interface FoundAgent {
  readonly name: string;
  readonly ddlFile: string;
  readonly kind: 'module' | 'external';
  readonly program: string;
  /** Changes whenever description or code do. */
  readonly stamp: string;
}

/** What lies in a plugin folder and cannot be used. */
export interface Misplaced {
  readonly file: string;
  readonly reason: string;
}

export interface FoundAgents {
  readonly agents: readonly FoundAgent[];
  readonly misplaced: readonly Misplaced[];
}

/** Where descriptions lie in a plugin folder: at its top, or where Choria and MCollective have them. */
const places = ['', 'agent', join('mcollective', 'agent')] as const;

/** Go's name of this architecture, by which Choria names programs for several. */
const architecture: Partial<Record<NodeJS.Architecture, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'arm',
  ia32: '386',
};

interface Code {
  readonly kind: FoundAgent['kind'];
  readonly program: string;
}

/** What an agent's code may be called, the first that there is. */
const candidates = (folder: string, name: string): readonly Code[] => [
  { kind: 'module', program: join(folder, `${name}.mjs`) },
  { kind: 'module', program: join(folder, `${name}.js`) },
  { kind: 'external', program: join(folder, name) },
  {
    kind: 'external',
    program: join(folder, name, `${name}-${process.platform}_${architecture[process.arch] ?? process.arch}`),
  },
];

async function fileStats(file: string) {
  try {
    const stats = await stat(file);
    return stats.isFile() ? stats : undefined;
  } catch {
    return undefined;
  }
}

const writableByAll = 0o002;

async function findAgent(folder: string, name: string): Promise<FoundAgent | Misplaced> {
  const ddlFile = join(folder, `${name}.json`);
  const ddlStats = await fileStats(ddlFile);
  for (const { kind, program } of candidates(folder, name)) {
    const stats = await fileStats(program);
    if (stats === undefined || ddlStats === undefined) continue;
    // Whoever may write a program that root runs is root.
    if (((stats.mode | ddlStats.mode) & writableByAll) !== 0)
      return { file: program, reason: 'everybody may write to it' };
    if (kind === 'external' && !(await isExecutable(program))) return { file: program, reason: 'it is not executable' };
    const stamp = [ddlStats, stats].map(({ mtimeMs, size, ino }) => `${ino}:${mtimeMs}:${size}`).join(' ');
    return { name, ddlFile, kind, program, stamp };
  }
  return { file: ddlFile, reason: `there is neither ${name}.mjs nor a program ${name} beside it` };
}

async function jsonNames(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder);
    return entries.flatMap((entry) => /^([a-z][a-z0-9_]{0,63})\.json$/.exec(entry)?.[1] ?? []).sort();
  } catch {
    return [];
  }
}

/** The agents in plugin folders. Of equal names the one in the first folder counts. A folder that is missing is empty. */
export async function findAgents(folders: readonly string[]): Promise<FoundAgents> {
  const agents = new Map<string, FoundAgent>();
  const misplaced: Misplaced[] = [];
  for (const root of folders) {
    for (const folder of places.map((place) => join(root, place))) {
      for (const name of await jsonNames(folder)) {
        if (agents.has(name)) continue;
        const found = await findAgent(folder, name);
        if ('reason' in found) misplaced.push(found);
        else agents.set(name, found);
      }
    }
  }
  return { agents: [...agents.values()], misplaced };
}
