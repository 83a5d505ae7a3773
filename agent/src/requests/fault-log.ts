import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '@muster/runtime/effects';
import type { Logger } from '@muster/runtime/logging';
import { FloodGate } from '@muster/runtime/limits';

/** Logs what may come in floods: once for each kind and minute, with the number of those passed over. */
export interface FaultLog {
  note(fault: Fault, about?: Readonly<Record<string, unknown>>): void;
}

export function createFaultLog(effects: { readonly clock: Clock; readonly logger: Logger }): FaultLog {
  const gates = new Map<string, FloodGate>();
  return {
    note({ code, message }, about = {}) {
      const gate = gates.get(code) ?? new FloodGate(1);
      gates.set(code, gate);
      const passedOver = gate.take(effects.clock());
      if (passedOver !== undefined) effects.logger.warn({ event: code, ...about, passedOver }, message);
    },
  };
}
