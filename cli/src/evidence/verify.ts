import { verifyEvidence, type EvidenceReport, type EvidenceTrust } from '@muster/client/evidence';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { callerOf } from '@muster/protocol/identity';
import { readRevocationLists } from '@muster/runtime/revocations';
import { readTrust, type TrustFlags } from '../options/trust.ts';
import { cellText, cleanJson, cleanLine } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';

export interface VerifyFlags extends TrustFlags {
  readonly revocations?: string;
  readonly json?: true;
}

const longestListBytes = 32 * 1024 * 1024;

async function chooseTrust(flags: VerifyFlags, surroundings: Surroundings): Promise<Result<EvidenceTrust>> {
  const trust = await readTrust(flags, surroundings);
  if (!trust.ok) return trust;
  if (trust.value === null)
    return fail('usage.invalid', 'Nothing says whom to believe', {
      mend: 'Give the certificate of the authority: --ca ca.pem',
    });
  const { authorities, roleOf, revocations: listOfHome } = trust.value;
  const list = flags.revocations ?? listOfHome;
  if (list === null) return ok({ authorities, roleOf, revocations: undefined });
  const pem = await surroundings.readFile(list, { longestBytes: longestListBytes });
  const revocations = pem.ok ? await readRevocationLists(pem.value, authorities) : pem;
  return revocations.ok ? ok({ authorities, roleOf, revocations: revocations.value }) : revocations;
}

const verdictTexts: Readonly<Record<EvidenceReport['verdict'], string>> = {
  proven: 'proven',
  incomplete: 'INCOMPLETE: what is there holds, and something is not there',
  damaged: 'DAMAGED',
};
const exitCodeOf: Readonly<Record<EvidenceReport['verdict'], number>> = {
  proven: exitCodes.ok,
  damaged: exitCodes.error,
  incomplete: exitCodes.failed,
};

type Finding = EvidenceReport['damage'][number] | EvidenceReport['gaps'][number];

function findingLine({ line, identity, kind, message }: Finding): string {
  const place = [line === null ? '' : `line ${line}`, identity ?? ''].filter((part) => part !== '').join(', ');
  return `  ${cleanLine(`${kind}: ${place === '' ? '' : `${place}: `}${message}`)}`;
}

function section(heading: string, lines: readonly string[], count: number): readonly string[] {
  if (count === 0) return [];
  const more = count - lines.length;
  return ['', heading, ...lines, ...(more > 0 ? [`  and ${more} more`] : [])];
}

function askedLines({ asked }: EvidenceReport): readonly string[] {
  if (asked === null) return ['Asked     nothing that holds'];
  const { by, agent, action, collective, inputs, issuedAtMs, filter } = asked;
  const given = Object.entries(inputs).map(([name, value]) => `${name}=${cellText(value)}`);
  return [
    `Asked     ${[agent, action, ...given].map(cleanLine).join(' ')}`,
    `By        ${cleanLine(callerOf(by.name))} at ${new Date(issuedAtMs).toISOString()}, in ${cleanLine(collective)}`,
    `Of        ${filter === null ? 'nodes by name' : cleanLine(filter === '' ? 'all nodes' : `nodes that match ${filter}`)}`,
  ];
}

/** Everything of the file stands here cleaned: whoever wrote it may not have meant well. */
function reportText(report: EvidenceReport, file: string): string {
  const { runId, sealedBy, exportedAtMs, requests, replies, nodes, outcomes, silent, silentCount } = report;
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  const written = exportedAtMs === null ? '' : ` at ${new Date(exportedAtMs).toISOString()}`;
  const lines = [
    `Evidence  ${cleanLine(file)}`,
    `Run       ${cleanLine(runId ?? 'unknown')}`,
    ...askedLines(report),
    `Signed    ${requests} requests, ${replies} answers of ${nodes} nodes${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`,
    `Sealed    ${sealedBy === null ? 'by nobody who is believed' : cleanLine(`by ${sealedBy.role} ${sealedBy.name}${written}`)}`,
    `State     ${verdictTexts[report.verdict]}`,
    ...section('Damage:', report.damage.map(findingLine), report.damageCount),
    ...section('Not there:', report.gaps.map(findingLine), report.gapCount),
    ...section(
      'Asked, and no answer is there:',
      silent.map((identity) => `  ${cleanLine(identity)}`),
      silentCount,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** `muster evidence verify`. */
export async function verify(file: string, flags: VerifyFlags, surroundings: Surroundings): Promise<Result<number>> {
  const trust = await chooseTrust(flags, surroundings);
  if (!trust.ok) return trust;
  const verified = await verifyEvidence(file, trust.value);
  if (!verified.ok) return verified;
  const report = verified.value;
  surroundings.stdout.write(flags.json === true ? `${cleanJson(report, 1)}\n` : reportText(report, file));
  return ok(exitCodeOf[report.verdict]);
}
