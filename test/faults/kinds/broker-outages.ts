import { integer } from '@muster/build/fleet';
import type { FaultKind } from './fault-kind.ts';

/** The broker itself goes away for a while. */
export const brokerOutages: readonly FaultKind[] = [
  {
    name: 'broker restarted',
    async inject({ world, random }) {
      const downMs = integer(random, 0, 5000);
      await world.broker.restart(downMs);
      return `down for ${downMs} ms and its start`;
    },
  },
  {
    name: 'broker killed',
    async inject({ world, random }) {
      const downMs = integer(random, 0, 5000);
      await world.broker.kill(downMs);
      return `down for ${downMs} ms and its start`;
    },
  },
];
