import { auditFolder, findChains } from '@muster/client/audit';
import { verifyAudit, type AuditReport, type AuditTrust } from '@muster/runtime/audit';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { readCertificateFiles, readRoles, readTrust, type TrustFlags } from '../options/trust.ts';
import { homeOf } from '../options/home.ts';
import { cleanJson, cleanLine } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';

export interface VerifyFlags extends TrustFlags {
  readonly certificate?: readonly string[];
  readonly json?: true;
}

type Finding = AuditReport['damage'][number] | AuditReport['notes'][number];

async function chooseTrust(flags: VerifyFlags, surroundings: Surroundings): Promise<Result<AuditTrust>> {
  if (flags.certificate === undefined) {
    const trust = await readTrust(flags, surroundings);
    if (!trust.ok) return trust;
    if (trust.value !== null) {
      const { authorities: certificates, roleOf } = trust.value;
      return ok({ kind: 'authorities', certificates, roleOf });
    }
  }
  const roleOf = await readRoles(flags, surroundings);
  if (!roleOf.ok) return roleOf;
  if (flags.certificate === undefined) return ok({ kind: 'unchecked', roleOf: roleOf.value });
  const certificates = await readCertificateFiles(flags.certificate, surroundings);
  return certificates.ok
    ? ok({ kind: 'certificates', certificates: certificates.value, roleOf: roleOf.value })
    : certificates;
}

const placeOf = ({ file, line, kind, message }: Finding): string =>
  `  ${cleanLine(`${file}:${line}`)}  ${kind}: ${cleanLine(message)}`;

/** Findings below a heading; nothing when there are none. */
function section(heading: string, findings: readonly Finding[], count: number): readonly string[] {
  if (count === 0) return [];
  const more = count - findings.length;
  return ['', heading, ...findings.map(placeOf), ...(more > 0 ? [`  and ${more} more`] : [])];
}

function writerText({ writer, isWriterChecked }: AuditReport): string {
  if (writer === null) return 'nobody who is believed';
  const name = `${writer.role} ${writer.name}`;
  return isWriterChecked ? name : `${name}, says the audit itself: check it with --ca or --certificate`;
}

function reportText(report: AuditReport): string {
  const { files, first, last, records, signed, isIntact, damage, damageCount, notes, noteCount } = report;
  const range =
    first === null || last === null ? '' : `, number ${first.seq} (${first.time}) to ${last.seq} (${last.time})`;
  const lines = [
    ...files.map((file, at) => `${at === 0 ? 'Audit   ' : '        '}  ${cleanLine(file)}`),
    `Writer    ${cleanLine(writerText(report))}`,
    `Records   ${records}${cleanLine(range)}; ${signed} signed`,
    `State     ${isIntact ? 'intact' : 'DAMAGED'}`,
    ...section('Damage:', damage, damageCount),
    ...section('Worth a look:', notes, noteCount),
  ];
  return `${lines.join('\n')}\n`;
}

const reportJson = ({ isIntact, isWriterChecked, ...rest }: AuditReport): object => ({
  intact: isIntact,
  writerChecked: isWriterChecked,
  ...rest,
});

/** The chains of the home whose folder is meant, each by its files. Errors: `audit.unreadable`. */
async function chainsOfHome(
  { home }: VerifyFlags,
  surroundings: Surroundings,
): Promise<Result<readonly (readonly string[])[]>> {
  const folder = auditFolder(homeOf(home, surroundings));
  try {
    const chains = await findChains(folder);
    if (chains.length > 0) return ok(chains.map(({ files }) => files));
    return fail('audit.unreadable', `There is no audit in ${folder}`, { mend: 'Name the files to verify.' });
  } catch (thrown) {
    return fail('audit.unreadable', `The audit cannot be read: ${faultFrom(thrown).message}`);
  }
}

/** `muster audit verify`. */
export async function verify(
  files: readonly string[],
  flags: VerifyFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const trust = await chooseTrust(flags, surroundings);
  if (!trust.ok) return trust;
  const chains = files.length > 0 ? ok([files]) : await chainsOfHome(flags, surroundings);
  if (!chains.ok) return chains;
  const reports: AuditReport[] = [];
  for (const chain of chains.value) {
    const verified = await verifyAudit(chain, trust.value);
    if (!verified.ok) return verified;
    reports.push(verified.value);
  }
  const [only] = reports;
  const { stdout } = surroundings;
  if (flags.json !== true) stdout.write(reports.map(reportText).join('\n'));
  else if (files.length > 0 && only !== undefined) stdout.write(`${cleanJson(reportJson(only), 1)}\n`);
  else stdout.write(`${cleanJson(reports.map(reportJson), 1)}\n`);
  return ok(reports.every(({ isIntact }) => isIntact) ? exitCodes.ok : exitCodes.error);
}
