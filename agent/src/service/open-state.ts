import { join } from 'node:path';
import { ok, type Result } from '@muster/protocol/errors';
import type { Clock } from '@muster/runtime/effects';
import type { Logger } from '@muster/runtime/logging';
import { createFaultLog, openJournal, type Journal } from '../requests/index.ts';
import { lockState } from './state-lock.ts';

/** What an agent must remember, open for this agent alone. */
export interface OpenState {
  readonly journal: Journal;
  close(): Promise<void>;
}

/** Opens the state folder of an agent. Errors: `home.in_use` while another agent works in it, `storage.failed`. */
export async function openState(
  folder: string,
  effects: { readonly clock: Clock; readonly logger: Logger },
): Promise<Result<OpenState>> {
  const lock = await lockState(folder);
  if (!lock.ok) return lock;
  const faultLog = createFaultLog(effects);
  const file = join(folder, 'requests.journal');
  const journal = await openJournal({ file, clock: effects.clock, onFault: (fault) => faultLog.note(fault) });
  if (!journal.ok) {
    await lock.value.release();
    return journal;
  }
  return ok({
    journal: journal.value,
    async close() {
      await journal.value.close();
      await lock.value.release();
    },
  });
}
