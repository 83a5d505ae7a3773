import type { Database } from 'better-sqlite3';
import { ok, type Result } from '@muster/protocol/errors';
import type { KeptMessage, ProvenRow } from '../stores/reports.ts';
import { rowToDetail, type NodeTableRow } from './run-rows.ts';

interface MessageRow {
  identity: string;
  fingerprint: string;
  rest: Buffer;
}

/** A row of a run with its answer as it was signed. */
export type EvidenceRow = NodeTableRow & { fingerprint: string | null; rest: Buffer | null };

/** In a buffer of its own: a slice would take all of the pool along to the other thread. */
const ownBytes = (bytes: Buffer): Uint8Array => new Uint8Array(bytes);

const rowToMessage = ({ identity, fingerprint, rest }: MessageRow): KeptMessage => ({
  identity: identity === '' ? null : identity,
  signedBy: fingerprint,
  rest: ownBytes(rest),
});

const rowToProven = (row: EvidenceRow): ProvenRow => ({
  row: rowToDetail(row),
  reply:
    row.rest === null || row.fingerprint === null
      ? null
      : { identity: row.identity, signedBy: row.fingerprint, rest: ownBytes(row.rest) },
});

/** Reading what was signed in a run. */
export function createEvidenceReads(db: Database) {
  const certificate = db.prepare<[string], { fingerprint: string; der: Buffer }>(
    'SELECT fingerprint, der FROM certificates WHERE fingerprint = ?',
  );
  const requests = db.prepare<[string, string | null, string | null, number], MessageRow>(`
    SELECT identity, fingerprint, rest FROM run_evidence JOIN certificates USING (certificate_id)
    WHERE run_id = ? AND kind = 'request' AND (? IS NULL OR identity > ?) ORDER BY identity LIMIT ?`);
  const rows = db.prepare<[string, string, number], EvidenceRow>(`
    SELECT run_nodes.*, fingerprint, rest FROM run_nodes
    LEFT JOIN run_evidence ON run_evidence.run_id = run_nodes.run_id AND kind = 'reply'
      AND run_evidence.identity = run_nodes.identity
    LEFT JOIN certificates USING (certificate_id)
    WHERE run_nodes.run_id = ? AND run_nodes.identity > ? ORDER BY run_nodes.identity LIMIT ?`);
  return {
    evidenceCertificates: (fingerprints: readonly string[]): Result<{ fingerprint: string; der: Uint8Array }[]> =>
      ok(
        fingerprints.flatMap((fingerprint) => {
          const row = certificate.get(fingerprint);
          return row === undefined ? [] : [{ fingerprint, der: ownBytes(row.der) }];
        }),
      ),
    evidenceRequests: (runId: string, after: string | null, limit: number): Result<KeptMessage[]> =>
      ok(requests.all(runId, after, after, limit).map(rowToMessage)),
    evidenceRows: (runId: string, after: string, limit: number): Result<ProvenRow[]> =>
      ok(rows.all(runId, after, limit).map(rowToProven)),
  };
}
