import type { Migration } from './index.ts';

export const presets: Migration = {
  number: 5,
  name: 'presets',
  sql: `
    -- One row: the revision grows with each change of presets or groups, so that every window hears of it.
    CREATE TABLE selections (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      revision INTEGER NOT NULL
    ) STRICT;
    INSERT INTO selections (id, revision) VALUES (1, 0);

    -- The key is the name without regard to case.
    CREATE TABLE presets (
      key TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      description TEXT NOT NULL,
      tags TEXT NOT NULL,
      filter TEXT NOT NULL,
      collective TEXT,
      discovery TEXT,
      created_at_ms INTEGER NOT NULL,
      updated_at_ms INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE node_groups (
      group_id INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      description TEXT NOT NULL,
      tags TEXT NOT NULL,
      identities TEXT NOT NULL,
      filter TEXT,
      created_at_ms INTEGER NOT NULL,
      updated_at_ms INTEGER NOT NULL
    ) STRICT;

    -- Groups inside groups, by number: names may change.
    CREATE TABLE node_group_parts (
      group_id INTEGER NOT NULL REFERENCES node_groups (group_id) ON DELETE CASCADE,
      part_id INTEGER NOT NULL REFERENCES node_groups (group_id),
      place INTEGER NOT NULL,
      PRIMARY KEY (group_id, part_id)
    ) STRICT;
    CREATE INDEX node_group_parts_by_part ON node_group_parts (part_id);
  `,
};
