import type { Migration } from './index.ts';

export const runSelection: Migration = {
  number: 6,
  name: 'run-selection',
  sql: `
    -- How the nodes were chosen and asked beside the target: discovery, limit and batch, as far as they were ordered.
    ALTER TABLE runs ADD COLUMN selection TEXT NOT NULL DEFAULT '{}';
  `,
};
