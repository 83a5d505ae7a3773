import type { Migration } from './index.ts';

export const factChanges: Migration = {
  number: 16,
  name: 'fact-changes',
  sql: `
    -- Facts that became others: null before where there was none, null after where there is none any more, else JSON. The number of rows of a node is
    -- bounded (see fact-changes.ts).
    CREATE TABLE fact_changes (
      change_id INTEGER PRIMARY KEY,
      identity TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      path TEXT NOT NULL,
      before TEXT,
      after TEXT
    ) STRICT;
    CREATE INDEX fact_changes_by_node ON fact_changes (identity, at_ms);
    CREATE INDEX fact_changes_by_path ON fact_changes (identity, path, at_ms);

    -- From when on every change of a node's facts is there.
    CREATE TABLE fact_histories (
      identity TEXT PRIMARY KEY,
      complete_since_ms INTEGER NOT NULL
    ) STRICT;
  `,
};
