import type { Migration } from './index.ts';

export const runAction: Migration = {
  number: 9,
  name: 'run-action',
  sql: `
    -- The action as its agent described it when the run started: old runs keep their shape whatever agents become. Null in runs from before.
    ALTER TABLE runs ADD COLUMN described TEXT;
  `,
};
