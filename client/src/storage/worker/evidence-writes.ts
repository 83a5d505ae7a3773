import type { Database } from 'better-sqlite3';
import { detachCertificate } from '@muster/protocol/envelope';
import { fingerprintOfDer } from '../../evidence/fingerprint.ts';
import type { SignedMessage } from '../stores/runs.ts';

/** Numbers of certificates that are remembered, so that few are looked up: those of a large fleet. */
const rememberedCertificates = 20_000;

/** A message in two parts, as archives have it too. */
export interface DetachedMessage extends Pick<SignedMessage, 'kind' | 'identity'> {
  readonly certificate: Uint8Array;
  readonly rest: Uint8Array;
}

/** Keeping what was signed. To be called inside of a transaction. */
export function createEvidenceWrites(db: Database) {
  const find = db.prepare<[string], number>('SELECT certificate_id FROM certificates WHERE fingerprint = ?').pluck();
  const add = db
    .prepare<[string, Uint8Array], number>(
      'INSERT INTO certificates (fingerprint, der) VALUES (?, ?) RETURNING certificate_id',
    )
    .pluck();
  const isThere = db.prepare<[number, string], number>(
    'SELECT 1 FROM certificates WHERE certificate_id = ? AND fingerprint = ?',
  );
  const keep = db.prepare(`
    INSERT INTO run_evidence (run_id, kind, identity, certificate_id, rest) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (run_id, kind, identity) DO NOTHING`);
  const usedBy = db
    .prepare<[string], number>('SELECT DISTINCT certificate_id FROM run_evidence WHERE run_id = ?')
    .pluck();
  const removeUnused = db.prepare(`
    DELETE FROM certificates WHERE certificate_id = ?
      AND NOT EXISTS (SELECT 1 FROM run_evidence WHERE run_evidence.certificate_id = certificates.certificate_id)`);
  const remove = db.prepare('DELETE FROM run_evidence WHERE run_id = ?');
  const remembered = new Map<string, number>();

  function certificateId(der: Uint8Array): number {
    const fingerprint = fingerprintOfDer(der);
    const known = remembered.get(fingerprint);
    // Another process may have removed it, or a transaction that wrote it was taken back.
    if (known !== undefined && isThere.get(known, fingerprint) !== undefined) return known;
    const id = find.get(fingerprint) ?? add.get(fingerprint, der);
    if (id === undefined) throw new Error('a certificate could not be stored');
    if (remembered.size >= rememberedCertificates) remembered.clear();
    remembered.set(fingerprint, id);
    return id;
  }

  function keepDetached(runId: string, { kind, identity, certificate, rest }: DetachedMessage): void {
    keep.run(runId, kind, identity ?? '', certificateId(certificate), rest);
  }

  return {
    keepDetached,
    keepSigned(runId: string, { kind, identity, frame }: SignedMessage): void {
      keepDetached(runId, { kind, identity, ...detachCertificate(frame) });
    },
    /** Forgets what was signed in a run, and the certificates that no other message needs. */
    removeSigned(runId: string): void {
      const used = usedBy.all(runId);
      remove.run(runId);
      for (const certificate of used) removeUnused.run(certificate);
    },
  };
}
