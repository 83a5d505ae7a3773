import { inParallel } from '@muster/build/fleet';
import { z } from 'zod';
import type { World } from '../world/world.ts';
import type { Execution } from './judge.ts';

const lineShape = z.object({ requestId: z.string(), node: z.string(), token: z.string() });

/** All that was executed on all nodes. */
export async function readLedgers(world: Pick<World, 'identities' | 'ledgerOf'>): Promise<readonly Execution[]> {
  const all = await inParallel(world.identities, 32, async (identity) =>
    (await world.ledgerOf(identity)).map((line) => lineShape.parse(JSON.parse(line))),
  );
  return all.flat();
}
