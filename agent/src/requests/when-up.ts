import { setTimeout as pause } from 'node:timers/promises';
import type { Bus } from '@muster/runtime/bus';

/** Pause after something failed, before the state is believed again, in milliseconds. */
const settleMs = 250;

/** Resolves with true once the bus is connected and with false once it is closed for good. */
export const whenUp = (bus: Bus): Promise<boolean> =>
  new Promise((resolve) => {
    const decide = (): void => {
      const { status } = bus.state;
      if (status !== 'up' && status !== 'closed') return;
      stop();
      resolve(status === 'up');
    };
    const stop = bus.onState(decide);
    decide();
  });

/** The same after a failure: a state that the failure has already changed is not heard of at once. */
export async function whenUpAgain(bus: Bus): Promise<boolean> {
  await pause(settleMs);
  return whenUp(bus);
}
