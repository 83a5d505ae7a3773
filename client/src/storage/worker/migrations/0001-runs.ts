import type { Migration } from './index.ts';

export const runs: Migration = {
  number: 1,
  name: 'runs',
  sql: `
    CREATE TABLE consoles (
      console_id TEXT PRIMARY KEY,
      pid INTEGER NOT NULL,
      seen_at_ms INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE runs (
      run_id TEXT PRIMARY KEY,
      console_id TEXT NOT NULL,
      person TEXT NOT NULL,
      collective TEXT NOT NULL,
      agent TEXT NOT NULL,
      action TEXT NOT NULL,
      inputs TEXT NOT NULL,
      target TEXT NOT NULL,
      state TEXT NOT NULL,
      fault TEXT,
      started_at_ms INTEGER NOT NULL,
      sent_at_ms INTEGER,
      finished_at_ms INTEGER,
      discovery_ms REAL,
      timeout_ms INTEGER NOT NULL,
      ttl_ms INTEGER NOT NULL,
      expected INTEGER NOT NULL,
      responses INTEGER NOT NULL,
      unexpected INTEGER NOT NULL,
      states TEXT NOT NULL
    ) STRICT;
    CREATE INDEX runs_by_start ON runs (started_at_ms);
    CREATE INDEX runs_not_final ON runs (console_id) WHERE state IN ('discovering', 'running');

    CREATE TABLE run_nodes (
      run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
      identity TEXT NOT NULL,
      state TEXT NOT NULL,
      arrival TEXT,
      outcome TEXT,
      status_code INTEGER,
      status_message TEXT NOT NULL DEFAULT '',
      data TEXT NOT NULL DEFAULT '{}',
      elapsed_ms REAL,
      arrived_at_ms INTEGER,
      received_at_ms INTEGER,
      started_at_ms INTEGER,
      finished_at_ms INTEGER,
      signed_by TEXT,
      PRIMARY KEY (run_id, identity)
    ) STRICT;
  `,
};
