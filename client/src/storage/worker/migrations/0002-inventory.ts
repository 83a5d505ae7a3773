import type { Migration } from './index.ts';

export const inventory: Migration = {
  number: 2,
  name: 'inventory',
  sql: `
    -- One row: the revision grows with each change of nodes, so that caches know what they have missed.
    CREATE TABLE fleet (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      revision INTEGER NOT NULL,
      swept_at_ms INTEGER
    ) STRICT;
    INSERT INTO fleet (id, revision) VALUES (1, 0);

    -- What is announced and what was read are kept apart: where they differ the node is asked again.
    CREATE TABLE nodes (
      identity TEXT PRIMARY KEY,
      revision INTEGER NOT NULL,
      read_revision INTEGER NOT NULL DEFAULT 0,
      agent_version TEXT NOT NULL DEFAULT '',
      first_seen_ms INTEGER NOT NULL,
      last_seen_ms INTEGER NOT NULL,
      clock_skew_ms REAL,
      announced TEXT,
      read TEXT,
      agents_digest TEXT,
      synced_at_ms INTEGER,
      collectives TEXT NOT NULL DEFAULT '[]',
      facts TEXT NOT NULL DEFAULT '{}',
      classes TEXT NOT NULL DEFAULT '[]',
      agents TEXT NOT NULL DEFAULT '[]'
    ) STRICT;
    CREATE INDEX nodes_by_revision ON nodes (revision);
    CREATE INDEX nodes_by_agents ON nodes (agents_digest);

    CREATE TABLE agents (
      name TEXT NOT NULL,
      version TEXT NOT NULL,
      ddl TEXT NOT NULL,
      learnt_at_ms INTEGER NOT NULL,
      PRIMARY KEY (name, version)
    ) STRICT;

    -- Nodes that announce the same digest have the same agents in the same versions.
    CREATE TABLE agent_sets (
      digest TEXT NOT NULL,
      name TEXT NOT NULL,
      version TEXT NOT NULL,
      PRIMARY KEY (digest, name)
    ) STRICT;
  `,
};
