import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '@muster/build/fleet';
import type { World } from '../world/world.ts';
import type { Violation } from './judge.ts';
import type { UnsettledRun } from './settle.ts';

export interface Found {
  readonly violations: readonly Violation[];
  readonly unsettled: readonly UnsettledRun[];
}

/** What is not there, or goes meanwhile, is left out. */
const copied = (from: string, to: string): Promise<void> => cp(from, to, { recursive: true }).catch(() => undefined);

/**
 * Copies what tells how violations, or runs without an end, came about: databases and logs of the consoles, and log, journal and ledger of each node that is
 * involved. Gives the folder, below `out/`.
 */
export async function keepEvidence(world: World, seed: number, { violations, unsettled }: Found): Promise<string> {
  const folder = join(repositoryRoot, 'out', `faults-${seed}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await copied(join(world.folder, 'consoles'), join(folder, 'consoles'));
  const involved = new Set(violations.map(({ identity }) => identity));
  for (const { identities, logFile } of world.hosts) {
    const here = identities.filter((identity) => involved.has(identity));
    for (const identity of here) {
      await copied(join(world.folder, 'nodes', identity, 'state'), join(folder, 'nodes', identity, 'state'));
      await copied(join(world.folder, 'ledgers', `${identity}.jsonl`), join(folder, 'nodes', identity, 'ledger.jsonl'));
      await copied(logFile, join(folder, 'nodes', identity, 'agent.log'));
    }
  }
  await writeFile(join(folder, 'found.json'), `${JSON.stringify({ violations, unsettled }, null, 2)}\n`);
  return folder;
}
