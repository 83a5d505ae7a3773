import type { Migration } from './index.ts';

export const notices: Migration = {
  number: 11,
  name: 'notices',
  sql: `
    -- What a person has to be told of this database, until they say that they have read it.
    CREATE TABLE notices (
      notice_id INTEGER PRIMARY KEY,
      code TEXT NOT NULL,
      message TEXT NOT NULL,
      mend TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      -- When a command line told it, which it does once.
      told_at_ms INTEGER,
      dismissed_at_ms INTEGER
    ) STRICT;
  `,
};
