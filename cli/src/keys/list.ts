import { X509Certificate } from 'node:crypto';
import { homeFolder, readConfiguration } from '@muster/client/configuration';
import { ok, type Result } from '@muster/protocol/errors';
import { fingerprintOf, readCertificates, readHolder } from '@muster/runtime/crypto';
import { cleanJson, cleanText } from '../output/clean-text.ts';
import { table } from '../output/columns.ts';
import { exitCodes } from '../output/exit-code.ts';
import { expiryText } from '../output/expiry.ts';
import type { Surroundings } from '../surroundings.ts';

export interface ListFlags {
  readonly home?: string;
  readonly json?: true;
}

/** One certificate as it is shown. Times are ISO 8601 in UTC. */
interface Listed {
  readonly role: string;
  readonly name: string;
  readonly state: 'valid' | 'expired' | 'not yet valid';
  readonly notBefore: string;
  readonly notAfter: string;
  readonly fingerprint: string;
}

function listed(certificate: X509Certificate, nowMs: number): Listed {
  const holder = readHolder(certificate);
  const { validFromDate: from, validToDate: to } = certificate;
  return {
    role: certificate.ca ? 'authority' : holder.ok ? holder.value.role : 'unknown',
    name: /(?:^|\n)CN=(.*)/.exec(certificate.subject)?.[1] ?? '',
    state: nowMs < from.getTime() ? 'not yet valid' : nowMs > to.getTime() ? 'expired' : 'valid',
    notBefore: from.toISOString(),
    notAfter: to.toISOString(),
    fingerprint: fingerprintOf(certificate),
  };
}

function untilText({ state, notBefore, notAfter }: Listed, nowMs: number): string {
  if (state === 'not yet valid') return `from ${notBefore}`;
  return expiryText(notAfter, nowMs);
}

/** `muster keys list`: the console's certificate, then those of the authorities that it trusts. */
export async function list({ home, json }: ListFlags, { env, now, stdout }: Surroundings): Promise<Result<number>> {
  const read = await readConfiguration(homeFolder(home === undefined ? env : { ...env, MUSTER_HOME: home }));
  if (!read.ok) return read;
  const { signer, broker } = read.value.credentials;
  const authorities = readCertificates(broker.ca);
  if (!authorities.ok) return authorities;
  const nowMs = now();
  const all = [new X509Certificate(signer.certificate), ...authorities.value].map((one) => listed(one, nowMs));
  const rows = all.map((one) => [one.role, one.name, one.state, untilText(one, nowMs), one.fingerprint.slice(0, 16)]);
  stdout.write(
    json === true
      ? `${cleanJson(all)}\n`
      : cleanText(`${table(['role', 'name', 'state', 'until', 'fingerprint'], rows).join('\n')}\n`),
  );
  return ok(all.every(({ state }) => state === 'valid') ? exitCodes.ok : exitCodes.error);
}
