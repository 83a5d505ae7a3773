import { integer } from '@muster/build/fleet';
import type { FaultKind, Scene } from './fault-kind.ts';

const outage = (name: string, needs: 'one broker' | 'cluster', end: 'restart' | 'kill'): FaultKind => ({
  name,
  needs,
  async inject({ world, random }: Scene) {
    const downMs = integer(random, 0, 5000);
    await world.broker[end](downMs);
    return `down for ${downMs} ms and its start`;
  },
});

/** The broker itself goes away for a while. */
export const brokerOutages: readonly FaultKind[] = [
  outage('broker restarted', 'one broker', 'restart'),
  outage('broker killed', 'one broker', 'kill'),
  outage('one of three brokers lost', 'cluster', 'restart'),
  outage('all three brokers killed', 'cluster', 'kill'),
];
