import type { FalseClock } from '../world/false-clock.ts';
import { consoles, hosts, type FaultKind, type Scene } from './fault-kind.ts';
import { aWhile } from './wait.ts';

const stepSeconds = 600;

async function stepped(scene: Scene, clock: FalseClock, aheadSeconds: number): Promise<string> {
  try {
    await clock.set(aheadSeconds);
    return `${aheadSeconds} s for ${await aWhile(scene, 4000, 15_000)} ms`;
  } finally {
    await clock.set(0);
  }
}

/** The clock of one party jumps by ten minutes, and back again later. */
export const clockSteps: readonly FaultKind[] = (
  [
    ['ahead', stepSeconds],
    ['back', -stepSeconds],
  ] as const
).flatMap(([where, seconds]) => [
  {
    name: `clock of an agent ten minutes ${where}`,
    inject: (scene) =>
      scene.withHost(hosts.any, async (host) => `${host.name}: ${await stepped(scene, host.clock, seconds)}`),
  },
  {
    name: `clock of a console ten minutes ${where}`,
    inject: (scene) =>
      scene.withConsole(
        consoles.any,
        async (console) => `${console.name}: ${await stepped(scene, console.clock, seconds)}`,
      ),
  },
]);
