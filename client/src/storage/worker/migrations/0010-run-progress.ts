import type { Migration } from './index.ts';

export const runProgress: Migration = {
  number: 10,
  name: 'run-progress',
  sql: `
    -- What a run waits for; and its time limits for delivery and execution. Runs from before knew one limit for both.
    ALTER TABLE runs ADD COLUMN hold TEXT;
    ALTER TABLE runs ADD COLUMN delivery_ms INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE runs ADD COLUMN execution_ms INTEGER NOT NULL DEFAULT 0;
    UPDATE runs SET delivery_ms = timeout_ms, execution_ms = timeout_ms;

    -- What its next conductor has to know. Runs from before have no order, and cannot go on.
    ALTER TABLE runs ADD COLUMN wish TEXT NOT NULL DEFAULT 'go';
    ALTER TABLE runs ADD COLUMN is_released INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE runs ADD COLUMN ordered TEXT;
    ALTER TABLE runs ADD COLUMN secrets TEXT;
    ALTER TABLE runs ADD COLUMN progress TEXT;
    -- Until when nodes may still answer; null when none can.
    ALTER TABLE runs ADD COLUMN answers_until_ms INTEGER;
    -- Grows with each change; an answer keeps the revision that brought it.
    ALTER TABLE runs ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
    DROP INDEX runs_not_final;
    CREATE INDEX runs_not_final ON runs (console_id) WHERE state IN ('discovering', 'running', 'paused', 'stopping');
    CREATE INDEX runs_answerable ON runs (console_id) WHERE answers_until_ms IS NOT NULL;

    ALTER TABLE run_nodes ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
    -- When the request was issued and published last; how many copies there are, and how many came back undelivered.
    ALTER TABLE run_nodes ADD COLUMN issued_at_ms INTEGER;
    ALTER TABLE run_nodes ADD COLUMN published_at_ms INTEGER;
    ALTER TABLE run_nodes ADD COLUMN copies INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE run_nodes ADD COLUMN returned INTEGER NOT NULL DEFAULT 0;
    -- When the node last said that it has the request.
    ALTER TABLE run_nodes ADD COLUMN noticed_at_ms INTEGER;
    ALTER TABLE run_nodes ADD COLUMN revision INTEGER;
    CREATE INDEX run_nodes_by_revision ON run_nodes (run_id, revision) WHERE revision IS NOT NULL;
  `,
};
