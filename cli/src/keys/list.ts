import { readOwnCertificates } from '@muster/client/keys';
import { ok, type Result } from '@muster/protocol/errors';
import { homeOf } from '../options/home.ts';
import { cleanJson, cleanText } from '../output/clean-text.ts';
import { table } from '../output/columns.ts';
import { exitCodes } from '../output/exit-code.ts';
import { expiryText } from '../output/expiry.ts';
import { renewalDueMs } from '@muster/runtime/enrolment';
import type { Surroundings } from '../surroundings.ts';

export interface ListFlags {
  readonly home?: string;
  readonly json?: true;
}

type State = 'valid' | 'expired' | 'not yet valid';

const stateAt = (nowMs: number, notBeforeMs: number, notAfterMs: number): State =>
  nowMs < notBeforeMs ? 'not yet valid' : nowMs > notAfterMs ? 'expired' : 'valid';

/** `muster keys list`: the console's certificate, then those of the authorities that it trusts. */
export async function list({ home, json }: ListFlags, surroundings: Surroundings): Promise<Result<number>> {
  const { now, stdout } = surroundings;
  const read = await readOwnCertificates(homeOf(home, surroundings));
  if (!read.ok) return read;
  const nowMs = now();
  const all = read.value.map(({ use, role, name, notBeforeMs, notAfterMs, fingerprint }) => ({
    role: role ?? 'unknown',
    name,
    state: stateAt(nowMs, notBeforeMs, notAfterMs),
    renewalDue: use === 'own' && nowMs >= renewalDueMs({ notBeforeMs, notAfterMs }),
    notBefore: new Date(notBeforeMs).toISOString(),
    notAfter: new Date(notAfterMs).toISOString(),
    fingerprint,
  }));
  const rows = all.map(({ role, name, state, renewalDue, notBefore, notAfter, fingerprint }) => [
    role,
    name,
    renewalDue && state === 'valid' ? 'valid, renewal is due' : state,
    state === 'not yet valid' ? `from ${notBefore}` : expiryText(notAfter, nowMs),
    fingerprint.slice(0, 16),
  ]);
  stdout.write(
    json === true
      ? `${cleanJson(all)}\n`
      : cleanText(`${table(['role', 'name', 'state', 'until', 'fingerprint'], rows).join('\n')}\n`),
  );
  return ok(all.every(({ state }) => state === 'valid') ? exitCodes.ok : exitCodes.error);
}
