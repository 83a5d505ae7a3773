import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveFleetControl } from '../support/fleet-control.ts';
import { startTestFleet } from '../support/test-fleet.ts';
import { surroundingsVariables, type Surroundings } from './surroundings.ts';

/** The fleet that all specs of a run work on. */
export interface HeldFleet extends Surroundings {
  /** Ends it and removes what it left. */
  release(): Promise<void>;
}

/** Starts the fleet in the launcher, before the first worker, which learns of it through the environment. */
export async function holdFleet(nodes: number): Promise<HeldFleet> {
  // WebdriverIO has every process below it read TypeScript with tsx: agents, consoles and commands would take five times their time to start, and
  // not run as they do elsewhere. Node reads it by itself.
  process.env['NODE_OPTIONS'] = '';
  const fleet = await startTestFleet({ nodes });
  const folder = mkdtempSync(join(tmpdir(), 'muster-e2e-'));
  const fleetSocket = join(folder, 'fleet.sock');
  const control = await serveFleetControl(fleet, fleetSocket);
  const { home } = fleet.ready;
  process.env[surroundingsVariables.home] = home;
  process.env[surroundingsVariables.fleetSocket] = fleetSocket;
  return {
    home,
    fleetSocket,
    async release() {
      control.close();
      await fleet.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
