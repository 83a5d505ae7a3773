import type { StartTimer } from '@muster/protocol/bridge';
import { errorCatalogue, fail, ok, type Result } from '@muster/protocol/errors';
import type { Bus, BusState } from '@muster/runtime/bus';

/** What a state says about waiting: done, hopeless, or neither. */
function verdict(state: BusState): Result<void> | null {
  switch (state.status) {
    case 'up':
      return ok(undefined);
    case 'closed':
      return fail('broker.closed', 'The connection to the broker was closed');
    case 'down':
      return errorCatalogue[state.reason.code].retry === 'never' ? { ok: false, error: state.reason } : null;
    case 'connecting':
      return null;
  }
}

/**
 * Resolves when the bus is up. Errors: why it is not, once `timeoutMs` are over; at once when it was closed or
 * the broker refuses us for good or `signal` is aborted.
 */
export function waitUntilUp(
  bus: Bus,
  startTimer: StartTimer,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Result<void>> {
  const now = verdict(bus.state);
  if (now !== null) return Promise.resolve(now);
  return new Promise((resolve) => {
    const finish = (result: Result<void>) => {
      stopTimer();
      stopListening();
      signal?.removeEventListener('abort', giveUp);
      resolve(result);
    };
    const giveUp = () => finish(fail('broker.closed', 'Nobody waits for the broker any more'));
    const stopListening = bus.onState((state) => {
      const result = verdict(state);
      if (result !== null) finish(result);
    });
    const stopTimer = startTimer(timeoutMs, () => {
      const { state } = bus;
      finish(
        state.status === 'down'
          ? { ok: false, error: state.reason }
          : fail('broker.unreachable', `The broker did not answer within ${timeoutMs / 1000} seconds`, {
              mend: 'Check that the broker runs and that this machine can reach it.',
            }),
      );
    });
    signal?.addEventListener('abort', giveUp);
    if (signal?.aborted === true) giveUp();
  });
}
