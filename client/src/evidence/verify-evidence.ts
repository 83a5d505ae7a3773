import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import type { Principal } from '@muster/protocol/identity';
import type { Outcome } from '@muster/protocol/messages';
import { readLines, type RawLine } from '@muster/runtime/files';
import { EvidenceCheck, type Asked } from './evidence-check.ts';
import type { EvidenceDamageKind, EvidenceFinding, EvidenceGapKind } from './findings.ts';
import { longestLineBytes } from './format.ts';
import type { EvidenceTrust } from './message-check.ts';

/** What a file of evidence proves. */
export interface EvidenceReport {
  /** `proven`: all that it tells; `incomplete`: what is there holds, and something is not there; `damaged`: something is not as it was signed. */
  readonly verdict: 'proven' | 'incomplete' | 'damaged';
  /** Null when no line says so. */
  readonly runId: string | null;
  /** As it was signed; null when no request is there that holds. */
  readonly asked: Asked | null;
  /** Who wrote the file; null when nobody who is believed. */
  readonly sealedBy: Principal | null;
  readonly exportedAtMs: number | null;
  readonly requests: number;
  /** Rows of nodes. */
  readonly nodes: number;
  readonly replies: number;
  /** How many answers that hold there are of each outcome. */
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  /** Nodes that were asked and of which no answer is there: the first 1,000 of `silentCount`. */
  readonly silent: readonly string[];
  readonly silentCount: number;
  /** The first 1,000 of `damageCount`. */
  readonly damage: readonly EvidenceFinding<EvidenceDamageKind>[];
  readonly damageCount: number;
  readonly gaps: readonly EvidenceFinding<EvidenceGapKind>[];
  readonly gapCount: number;
}

/** Verifies lines of evidence. Rejects as their source does. */
export async function verifyLines(
  lines: AsyncIterable<RawLine> | Iterable<RawLine>,
  trust: EvidenceTrust,
): Promise<EvidenceReport> {
  const check = new EvidenceCheck(trust);
  for await (const line of lines) await check.take(line);
  check.finish();
  noteRevocations(check, trust);
  const { damage, gaps, head, asked, sealedBy, requests, nodes, replies, outcomes, silent, silentCount } = check;
  return {
    verdict: damage.count > 0 ? 'damaged' : gaps.count > 0 ? 'incomplete' : 'proven',
    runId: head?.summary.runId ?? null,
    asked: asked ?? null,
    sealedBy: sealedBy ?? null,
    exportedAtMs: head?.exportedAtMs ?? null,
    requests,
    nodes,
    replies,
    outcomes,
    silent,
    silentCount,
    damage: damage.kept,
    damageCount: damage.count,
    gaps: gaps.kept,
    gapCount: gaps.count,
  };
}

/** A list that ends before the file was written may lack what was taken back meanwhile. */
function noteRevocations({ gaps, head }: EvidenceCheck, { revocations }: EvidenceTrust): void {
  const nextUpdateMs = revocations?.nextUpdateMs ?? Infinity;
  if (head === undefined || nextUpdateMs >= head.exportedAtMs) return;
  const message = `the list of revoked certificates is of before ${new Date(nextUpdateMs).toISOString()}, and the file is newer`;
  gaps.add({ line: null, identity: null, kind: 'revocations', message });
}

/**
 * Verifies a file of evidence, offline. Errors: `evidence.unreadable` when it cannot be read at all. What is found in it is no error.
 */
export async function verifyEvidence(file: string, trust: EvidenceTrust): Promise<Result<EvidenceReport>> {
  try {
    return ok(await verifyLines(readLines(file, longestLineBytes), trust));
  } catch (thrown) {
    return fail('evidence.unreadable', `${file} cannot be read: ${faultFrom(thrown).message}`);
  }
}
