import type { Fault } from '@muster/protocol/errors';
import type { Bus, BusState } from '../bus/index.ts';

/**
 * Resolves with true once the bus is connected, however long that takes, and with false when it was closed or the waiting is given up.
 * `onDown` is told why there is no connection, once for each reason.
 */
export function whenBusUp(
  bus: Bus,
  { signal, onDown }: { readonly signal?: AbortSignal; readonly onDown?: (fault: Fault) => void } = {},
): Promise<boolean> {
  return new Promise((resolve) => {
    let told = '';
    const finish = (isUp: boolean): void => {
      stop();
      signal?.removeEventListener('abort', giveUp);
      resolve(isUp);
    };
    const giveUp = (): void => finish(false);
    const look = (state: BusState): void => {
      if (state.status === 'up' || state.status === 'closed') finish(state.status === 'up');
      if (state.status !== 'down' || state.reason.message === told) return;
      told = state.reason.message;
      onDown?.(state.reason);
    };
    const stop = bus.onState(look);
    signal?.addEventListener('abort', giveUp, { once: true });
    if (signal?.aborted === true) giveUp();
    else look(bus.state);
  });
}
