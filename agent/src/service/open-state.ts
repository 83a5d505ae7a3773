import { join } from 'node:path';
import type { Signer } from '@muster/protocol/envelope';
import { ok, type Fault, type Result } from '@muster/protocol/errors';
import { openAuditTrail, type AuditTrail } from '@muster/runtime/audit';
import type { Clock } from '@muster/runtime/effects';
import { lockFolder } from '@muster/runtime/files';
import type { Logger } from '@muster/runtime/logging';
import { openSealingKey, type SealingKey } from '@muster/runtime/sealing';
import type { AgentSettings } from '../configuration/index.ts';
import { createFaultLog, openJournal, type Journal } from '../requests/index.ts';

/** What an agent must remember, open for this agent alone. */
export interface OpenState {
  readonly journal: Journal;
  readonly auditTrail: AuditTrail;
  readonly sealingKey: SealingKey;
  close(): Promise<void>;
}

/** Two agents that shared a journal would take each other's requests for interrupted ones. */
const mend = {
  inUse: 'Stop the other agent, or give this one a state folder of its own.',
  unusable: 'Correct "state", or the rights of that folder.',
};

/** Opens the state folder of an agent. Errors: `home.in_use` while another agent works in it, `storage.failed`. */
export async function openState(
  { state: folder, audit }: Pick<AgentSettings, 'state' | 'audit'>,
  signer: Signer,
  effects: { readonly clock: Clock; readonly logger: Logger },
): Promise<Result<OpenState>> {
  const lock = await lockFolder(folder, mend);
  if (!lock.ok) return lock;
  const sealingKey = await openSealingKey(join(folder, 'sealing.key'));
  if (!sealingKey.ok) {
    await lock.value.release();
    return sealingKey;
  }
  const faultLog = createFaultLog(effects);
  const file = join(folder, 'requests.journal');
  const { clock } = effects;
  const onFault = (fault: Fault): void => faultLog.note(fault);
  const journal = await openJournal({ file, clock, onFault });
  if (!journal.ok) {
    await lock.value.release();
    return journal;
  }
  const bounds = { fileBytes: audit.file_size * 1024 * 1024, files: audit.files };
  const auditTrail = await openAuditTrail({ file: join(folder, 'audit.log'), signer, clock, bounds, onFault });
  if (!auditTrail.ok) {
    await journal.value.close();
    await lock.value.release();
    return auditTrail;
  }
  return ok({
    journal: journal.value,
    auditTrail: auditTrail.value,
    sealingKey: sealingKey.value,
    async close() {
      await journal.value.close();
      await auditTrail.value.close();
      await lock.value.release();
    },
  });
}
