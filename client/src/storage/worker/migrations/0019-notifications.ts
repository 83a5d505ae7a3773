import type { Migration } from './index.ts';

export const notifications: Migration = {
  number: 19,
  name: 'notifications',
  sql: `
    -- What receivers have to be told, written with what it tells of.
    CREATE TABLE notifications (
      notification_id TEXT PRIMARY KEY,
      target TEXT NOT NULL,
      event TEXT NOT NULL,
      about TEXT NOT NULL,
      about_id TEXT NOT NULL,
      body TEXT NOT NULL,
      state TEXT NOT NULL,
      queued_at_ms INTEGER NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      tried_at_ms INTEGER,
      -- Null when it is not tried any more.
      next_at_ms INTEGER,
      fault TEXT,
      -- The console that tries it now.
      console_id TEXT
    ) STRICT;
    CREATE INDEX notifications_of ON notifications (target, queued_at_ms);
    CREATE INDEX notifications_due ON notifications (next_at_ms) WHERE next_at_ms IS NOT NULL;
    -- One row, whose revision grows with each change, so that every window hears of it.
    CREATE TABLE notification_book (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL) STRICT;
    INSERT INTO notification_book (id, revision) VALUES (1, 0);
  `,
};
