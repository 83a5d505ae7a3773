import type { Database } from 'better-sqlite3';
import { ok, type Result } from '@muster/protocol/errors';
import type { SignedAnswer } from '../stores/fleet.ts';

interface SignedRow {
  fingerprint: string;
  seen_at_ms: number | null;
  der: Buffer | null;
}

/** Which certificate a node signed its last answer with. */
export function createNodeCertificates(db: Database) {
  // The newest run in which the node has answered; each run is asked for by the primary key of `run_nodes`.
  const lastSigned = db.prepare<[string], SignedRow>(`
    SELECT signed_by AS fingerprint, arrived_at_ms AS seen_at_ms, der
    FROM runs CROSS JOIN run_nodes ON run_nodes.run_id = runs.run_id AND identity = ?
      LEFT JOIN certificates ON fingerprint = signed_by
    WHERE signed_by IS NOT NULL ORDER BY runs.started_at_ms DESC LIMIT 1`);
  return {
    lastSignedBy(identity: string): Result<SignedAnswer | null> {
      const row = lastSigned.get(identity);
      if (row === undefined) return ok(null);
      // The buffer is a view that may be part of a larger one, which must not go along to the other thread.
      const der = row.der === null ? null : Uint8Array.from(row.der);
      return ok({ fingerprint: row.fingerprint, seenAtMs: row.seen_at_ms, der });
    },
  };
}
