import type { Migration } from './index.ts';

export const puppet: Migration = {
  number: 8,
  name: 'puppet',
  sql: `
    -- One row. The revision grows with each change of what is known about Puppet, so that every window hears of it.
    CREATE TABLE puppet (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      revision INTEGER NOT NULL,
      refreshed_at_ms INTEGER
    ) STRICT;
    INSERT INTO puppet (id, revision) VALUES (1, 0);

    -- Puppet on each node, as the node told it last.
    CREATE TABLE puppet_nodes (
      identity TEXT PRIMARY KEY,
      state TEXT NOT NULL,
      applying INTEGER NOT NULL DEFAULT 0,
      daemon_present INTEGER NOT NULL DEFAULT 0,
      disable_message TEXT NOT NULL DEFAULT '',
      last_run_at_ms INTEGER,
      run TEXT,
      told_at_ms INTEGER,
      problem TEXT NOT NULL DEFAULT ''
    ) STRICT;

    CREATE TABLE runalls (
      runall_id TEXT PRIMARY KEY,
      -- The console that conducts it; null when none does.
      console_id TEXT,
      -- What a person wants of whoever conducts it: go, pause or cancel.
      wish TEXT NOT NULL,
      person TEXT NOT NULL,
      collective TEXT NOT NULL,
      target TEXT NOT NULL,
      selection TEXT NOT NULL,
      concurrency INTEGER NOT NULL,
      options TEXT NOT NULL,
      rerun_ms INTEGER,
      state TEXT NOT NULL,
      fault TEXT,
      iteration INTEGER NOT NULL,
      started_at_ms INTEGER NOT NULL,
      iteration_started_at_ms INTEGER NOT NULL,
      next_iteration_at_ms INTEGER,
      finished_at_ms INTEGER,
      tallies TEXT NOT NULL,
      revision INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX runalls_by_start ON runalls (started_at_ms);

    -- The nodes of the present iteration.
    CREATE TABLE runall_nodes (
      runall_id TEXT NOT NULL REFERENCES runalls (runall_id) ON DELETE CASCADE,
      identity TEXT NOT NULL,
      turn INTEGER NOT NULL,
      state TEXT NOT NULL,
      reason TEXT,
      detail TEXT NOT NULL,
      -- The request that asked it to run: written before the request is sent, so that it is never sent as another one.
      request_id TEXT,
      asked_at_ms INTEGER,
      initiated_at INTEGER,
      begun_at_ms INTEGER,
      ended_at_ms INTEGER,
      misses INTEGER NOT NULL,
      run TEXT,
      PRIMARY KEY (runall_id, identity)
    ) STRICT;
  `,
};
