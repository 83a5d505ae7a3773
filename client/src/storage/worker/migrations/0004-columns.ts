import type { Migration } from './index.ts';

export const columns: Migration = {
  number: 4,
  name: 'columns',
  sql: `
    -- The inventory is a cache of the fleet: it begins anew, and the next look at the fleet fills it.
    DROP TABLE nodes;
    UPDATE fleet SET swept_at_ms = NULL;

    -- What lists need of every node: narrow rows. The slot is the node's place in all columns, from 0 and without gaps.
    -- What is announced and what was read are kept apart: where they differ the node is asked again.
    CREATE TABLE nodes (
      slot INTEGER PRIMARY KEY,
      identity TEXT NOT NULL UNIQUE,
      revision INTEGER NOT NULL,
      agent_version TEXT NOT NULL DEFAULT '',
      first_seen_ms INTEGER NOT NULL,
      last_seen_ms INTEGER NOT NULL,
      clock_skew_ms REAL,
      announced TEXT,
      read TEXT,
      agents_digest TEXT,
      synced_at_ms INTEGER
    ) STRICT;
    CREATE INDEX nodes_by_revision ON nodes (revision);
    CREATE INDEX nodes_by_agents ON nodes (agents_digest, last_seen_ms);
    CREATE INDEX nodes_stale ON nodes (slot) WHERE synced_at_ms IS NULL OR announced IS NOT read;

    -- What the page of one node shows; the facts are compressed JSON.
    CREATE TABLE node_details (
      slot INTEGER PRIMARY KEY REFERENCES nodes (slot),
      facts BLOB NOT NULL,
      classes TEXT NOT NULL,
      agents TEXT NOT NULL,
      collectives TEXT NOT NULL
    ) STRICT;

    -- The same by column: 'fact:os.family' and such, 'classes', 'agents', 'collectives'. Names are escaped as inside JSON strings.
    CREATE TABLE columns (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE
    ) STRICT;

    -- One column of so many nodes in a row (see columns/segment.ts): the distinct values as a JSON array, and for each node which
    -- of them it has. 'types' is a sum of bits (see columns/value-types.ts).
    CREATE TABLE column_segments (
      column_id INTEGER NOT NULL REFERENCES columns (id),
      segment INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      types INTEGER NOT NULL,
      nodes INTEGER NOT NULL,
      dictionary TEXT NOT NULL,
      codes BLOB NOT NULL,
      PRIMARY KEY (column_id, segment)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX column_segments_figures ON column_segments (column_id, revision, types, nodes);
  `,
};
