import type { Migration } from './index.ts';

export const history: Migration = {
  number: 14,
  name: 'history',
  sql: `
    -- Who said that a run stays, and when; when a person removed it, which can be taken back until it is deleted.
    ALTER TABLE runs ADD COLUMN pinned_at_ms INTEGER;
    ALTER TABLE runs ADD COLUMN pinned_by TEXT;
    ALTER TABLE runs ADD COLUMN removed_at_ms INTEGER;
    -- What is searched of the target: names and filters. And how many nodes came to another end than ok.
    ALTER TABLE runs ADD COLUMN aimed_at TEXT NOT NULL DEFAULT '';
    ALTER TABLE runs ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
    UPDATE runs SET aimed_at = substr(concat_ws(char(10), json_extract(target, '$.name'), json_extract(target, '$.filter'),
        json_extract(target, '$.resolved.filter')), 1, 2000),
      failures = (SELECT coalesce(sum(value), 0) FROM json_each(states)
        WHERE key NOT IN ('ok', 'queued', 'sent', 'waiting', 'accepted', 'running'));

    -- Everything that the list of runs is filtered by, so that it need not read the runs themselves, which may name 50,000 nodes.
    DROP INDEX runs_by_start;
    CREATE INDEX runs_history ON runs
      (started_at_ms, removed_at_ms, agent, action, person, state, failures, pinned_at_ms, run_id, aimed_at);
    CREATE INDEX runs_removed ON runs (removed_at_ms) WHERE removed_at_ms IS NOT NULL;

    CREATE TABLE run_notes (
      note_id INTEGER PRIMARY KEY,
      run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
      person TEXT NOT NULL,
      text TEXT NOT NULL,
      at_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX run_notes_by_run ON run_notes (run_id, at_ms);
  `,
};
