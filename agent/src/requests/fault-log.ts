import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '@muster/runtime/effects';
import type { Logger } from '@muster/runtime/logging';

/** Logs what may come in floods: once for each kind and minute, with the number of those passed over. */
export interface FaultLog {
  note(fault: Fault, about?: Readonly<Record<string, unknown>>): void;
}

const minuteMs = 60_000;

export function createFaultLog(effects: { readonly clock: Clock; readonly logger: Logger }): FaultLog {
  const kinds = new Map<string, { loggedAtMs: number; passedOver: number }>();
  return {
    note({ code, message }, about = {}) {
      const nowMs = effects.clock();
      const kind = kinds.get(code);
      if (kind !== undefined && nowMs >= kind.loggedAtMs && nowMs - kind.loggedAtMs < minuteMs) {
        kind.passedOver++;
        return;
      }
      effects.logger.warn({ event: code, ...about, passedOver: kind?.passedOver ?? 0 }, message);
      kinds.set(code, { loggedAtMs: nowMs, passedOver: 0 });
    },
  };
}
