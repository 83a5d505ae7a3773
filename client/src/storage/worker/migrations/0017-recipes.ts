import type { Migration } from './index.ts';

export const recipes: Migration = {
  number: 17,
  name: 'recipes',
  sql: `
    -- The key is the name without regard to case; the recipe is JSON, without its times.
    CREATE TABLE recipes (
      key TEXT PRIMARY KEY,
      recipe TEXT NOT NULL,
      created_at_ms INTEGER NOT NULL,
      updated_at_ms INTEGER NOT NULL
    ) STRICT;
  `,
};
