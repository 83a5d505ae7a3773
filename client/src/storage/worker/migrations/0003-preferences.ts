import type { Migration } from './index.ts';

export const preferences: Migration = {
  number: 3,
  name: 'preferences',
  sql: `
    CREATE TABLE preferences (
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT;
  `,
};
