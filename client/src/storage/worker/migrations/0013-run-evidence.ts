import type { Migration } from './index.ts';

export const runEvidence: Migration = {
  number: 13,
  name: 'run-evidence',
  sql: `
    -- Each certificate once, as long as a message needs it.
    CREATE TABLE certificates (
      certificate_id INTEGER PRIMARY KEY,
      fingerprint TEXT NOT NULL UNIQUE,
      der BLOB NOT NULL
    ) STRICT;

    -- The bytes that were signed, without the certificate. The identity is empty for a request to all that a filter matches.
    CREATE TABLE run_evidence (
      run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
      kind TEXT NOT NULL CHECK (kind IN ('request', 'reply')),
      identity TEXT NOT NULL,
      certificate_id INTEGER NOT NULL REFERENCES certificates (certificate_id),
      rest BLOB NOT NULL,
      PRIMARY KEY (run_id, kind, identity)
    ) STRICT;
    CREATE INDEX run_evidence_by_certificate ON run_evidence (certificate_id);
  `,
};
