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
  `,
};
