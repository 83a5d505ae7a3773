import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFleet, type Fleet, type FleetOptions } from '@muster/build/fleet';
import { unwrap } from '@muster/protocol/errors';

/**
 * Starts a broker and real agents in a home of their own, which `stop` removes. The agents run the built programs:
 * `npm test` builds them first.
 */
export async function startTestFleet(options: Partial<Omit<FleetOptions, 'home'>> = {}): Promise<Fleet> {
  const home = await mkdtemp(join(tmpdir(), 'muster-fleet-'));
  const removeHome = () => rm(home, { recursive: true, force: true });
  try {
    const fleet = unwrap(
      await startFleet({ nodes: 3, mode: 'processes', seed: 1, collectives: ['muster'], ...options, home }),
    );
    return { ...fleet, stop: () => fleet.stop().then(removeHome) };
  } catch (error) {
    await removeHome();
    throw error;
  }
}
