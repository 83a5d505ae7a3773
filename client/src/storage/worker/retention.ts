import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Database } from 'better-sqlite3';
import { ok, type Result } from '@muster/protocol/errors';
import {
  writeCertificateLine,
  writeMessageLine,
  writeNodeLine,
  writeNoteLine,
  writeRunLine,
} from '../../retention/archived-run.ts';
import type { RunFigures } from '../stores/runs.ts';
import { createEvidenceWrites } from './evidence-writes.ts';
import { describedColumn, rowToDetail, rowToRun, type NodeTableRow, type RunTableRow } from './run-rows.ts';
import { publishFile, syncToDisk } from './safety/files.ts';

interface SignedRow {
  kind: 'request' | 'reply';
  identity: string;
  fingerprint: string;
  der: Buffer;
  rest: Buffer;
}

interface NoteRow {
  person: string;
  text: string;
  at_ms: number;
}

/** The lines about what was signed, each certificate before the first message that needs it. */
function* signedLines(runId: string, rows: Iterable<SignedRow>): Generator<string> {
  let certificate: string | undefined;
  for (const { kind, identity, fingerprint, der, rest } of rows) {
    if (fingerprint !== certificate) yield writeCertificateLine(runId, fingerprint, der);
    certificate = fingerprint;
    yield writeMessageLine(runId, { kind, identity: identity === '' ? null : identity, signedBy: fingerprint, rest });
  }
}

/**
 * Writes one run: a line about the run, then the notes on it and what was signed, then one for each node, as JSON, compressed. It is complete and on the disk, or
 * not there.
 */
function writeArchive(
  folder: string,
  row: RunTableRow,
  notes: Iterable<NoteRow>,
  signed: Iterable<SignedRow>,
  nodes: Iterable<NodeTableRow>,
): void {
  const run = rowToRun(row);
  const described = row.described === null ? null : describedColumn.read(row.described);
  // The number of nodes tells whether an archive is whole, so they come last.
  const lines = [writeRunLine({ summary: run, described })];
  for (const { person, text, at_ms: atMs } of notes) lines.push(writeNoteLine(run.runId, { person, text, atMs }));
  lines.push(...signedLines(run.runId, signed));
  for (const node of nodes) lines.push(writeNodeLine(run.runId, rowToDetail(node)));
  const month = join(folder, new Date(run.startedAtMs).toISOString().slice(0, 7));
  if (!existsSync(month)) {
    mkdirSync(month, { recursive: true, mode: 0o700 });
    syncToDisk(folder);
  }
  const target = join(month, `${run.runId}.ndjson.gz`);
  const unfinished = `${target}.unfinished`;
  try {
    writeFileSync(unfinished, gzipSync(`${lines.join('\n')}\n`), { mode: 0o600 });
    publishFile(unfinished, target);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** Runs that had ended before a time, the first parameter, and whose nodes cannot answer any more now, the second. */
const archivable = `
  WHERE finished_at_ms < ? AND pinned_at_ms IS NULL AND removed_at_ms IS NULL AND state NOT IN ('discovering', 'running', 'paused', 'stopping')
    AND (answers_until_ms IS NULL OR answers_until_ms <= ?)`;

/** Old runs leave the database for the archive. */
export function createRetention(db: Database) {
  const oldest = db.prepare<[number, number], RunTableRow>(
    `SELECT *, 0 AS is_conducted FROM runs ${archivable} ORDER BY started_at_ms LIMIT 1`,
  );
  const count = db.prepare<[number, number], { runs: number }>(`SELECT count(*) AS runs FROM runs ${archivable}`);
  const figures = db.prepare<[], { runs: number; oldest: number | null }>(
    'SELECT count(*) AS runs, min(started_at_ms) AS oldest FROM runs WHERE removed_at_ms IS NULL',
  );
  const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const nodesOf = db.prepare<[string], NodeTableRow>('SELECT * FROM run_nodes WHERE run_id = ? ORDER BY identity');
  const notesOf = db.prepare<[string], NoteRow>(
    'SELECT person, text, at_ms FROM run_notes WHERE run_id = ? ORDER BY at_ms, note_id',
  );
  const signedOf = db.prepare<[string], SignedRow>(`
    SELECT kind, identity, fingerprint, der, rest FROM run_evidence JOIN certificates USING (certificate_id)
    WHERE run_id = ? ORDER BY fingerprint, kind, identity`);
  const evidence = createEvidenceWrites(db);
  // Its nodes go with it.
  const remove = db.prepare('DELETE FROM runs WHERE run_id = ?');
  const move = db.transaction((folder: string, beforeMs: number, nowMs: number): boolean => {
    const row = oldest.get(beforeMs, nowMs);
    if (row === undefined) return false;
    writeArchive(folder, row, notesOf.iterate(row.run_id), signedOf.iterate(row.run_id), nodesOf.iterate(row.run_id));
    evidence.removeSigned(row.run_id);
    remove.run(row.run_id);
    return true;
  });
  return {
    /**
     * Moves the oldest run that had ended before a time, and whose nodes cannot answer any more, into the archive; whether there was one. A crash
     * leaves it here, or in both places.
     */
    archiveOldestRun: (folder: string, beforeMs: number, nowMs: number): Result<boolean> =>
      ok(move.immediate(folder, beforeMs, nowMs)),
    countArchivable: (beforeMs: number, nowMs: number): Result<number> => ok(count.get(beforeMs, nowMs)?.runs ?? 0),
    runFigures(): Result<RunFigures> {
      const { runs, oldest: oldestMs } = figures.get() ?? { runs: 0, oldest: null };
      return ok({ runs, oldestMs, bytes: sizeOf(db.name) + sizeOf(`${db.name}-wal`) });
    },
  };
}
