import type { Result } from '@muster/protocol/errors';
import type { AuditDetails } from '@muster/runtime/audit';
import type { Clock } from '@muster/runtime/effects';
import type { AskPassphrase } from '@muster/runtime/keys';
import type { Logger } from '@muster/runtime/logging';
import { readConfiguration } from '../configuration/index.ts';
import { createConsoleAudit, type ConsoleAuditKind } from './console-audit.ts';
import { auditFolder } from './folder.ts';

/**
 * Writes one record into the audit of a home, for a process that works there without an engine. It needs the key, and asks nobody for a
 * passphrase that neither the configuration nor the caller knows.
 *
 * Errors: those of `readConfiguration`, and of `ConsoleAudit.note`.
 */
export async function noteInHome(
  home: string,
  note: { readonly kind: ConsoleAuditKind; readonly details: AuditDetails },
  effects: { readonly clock: Clock; readonly logger: Pick<Logger, 'warn'>; readonly passphrase?: AskPassphrase },
): Promise<Result<void>> {
  const { clock, logger, passphrase } = effects;
  const read = await readConfiguration(home, { clock, ...(passphrase === undefined ? {} : { passphrase }) });
  if (!read.ok) return read;
  const { signer } = read.value.credentials;
  const audit = createConsoleAudit({ folder: auditFolder(home), signer, clock, logger });
  const written = await audit.note(note.kind, note.details);
  await audit.close();
  return written;
}
