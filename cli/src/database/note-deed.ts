import { noteInHome, type ConsoleAuditKind } from '@muster/client/audit';
import type { AuditDetails } from '@muster/runtime/audit';
import { homeOf } from '../options/home.ts';
import { passphraseAccess, type PassphraseFlags } from '../options/passphrase.ts';
import { cleanLine } from '../output/clean-text.ts';
import type { Surroundings } from '../surroundings.ts';

/**
 * Writes into the audit of a home what was done to its database. That needs no key, and the audit does: where it cannot be opened without asking
 * somebody, STDERR says that the audit lacks it.
 */
export async function noteDeed(
  flags: PassphraseFlags & { readonly home?: string },
  note: { readonly kind: ConsoleAuditKind; readonly details: AuditDetails },
  surroundings: Surroundings,
): Promise<void> {
  const { passphrase } = passphraseAccess(flags, surroundings);
  const written = await noteInHome(homeOf(flags.home, surroundings), note, {
    clock: surroundings.now,
    logger: { warn: () => undefined },
    ...(passphrase === undefined ? {} : { passphrase }),
  });
  if (written.ok) return;
  surroundings.stderr.write(`${cleanLine(`muster: this is not in the audit: ${written.error.message}`)}\n`);
}
