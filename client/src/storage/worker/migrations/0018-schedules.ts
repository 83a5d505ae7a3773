import type { Migration } from './index.ts';

export const schedules: Migration = {
  number: 18,
  name: 'schedules',
  sql: `
    -- Runs that are started by the clock, and what became of each time.
    CREATE TABLE schedules (
      schedule_id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      person TEXT NOT NULL,
      timing TEXT NOT NULL,
      expires_at_ms INTEGER,
      missed TEXT NOT NULL,
      overlap TEXT NOT NULL,
      ordered TEXT NOT NULL,
      created_at_ms INTEGER NOT NULL,
      is_paused INTEGER NOT NULL DEFAULT 0,
      -- Whoever moves this on from the value that it has read has taken the occurrence, and nobody else.
      next_at_ms INTEGER
    ) STRICT;
    CREATE TABLE schedule_occurrences (
      occurrence_id INTEGER PRIMARY KEY,
      schedule_id TEXT NOT NULL REFERENCES schedules (schedule_id) ON DELETE CASCADE,
      due_at_ms INTEGER NOT NULL,
      at_ms INTEGER NOT NULL,
      outcome TEXT NOT NULL,
      is_manual INTEGER NOT NULL,
      times INTEGER NOT NULL,
      run_id TEXT,
      fault TEXT,
      -- The console that starts it, as long as it has not told what became of it.
      console_id TEXT
    ) STRICT;
    CREATE INDEX schedule_occurrences_of ON schedule_occurrences (schedule_id, occurrence_id);
    -- One row, whose revision grows with each change, so that every window hears of it.
    CREATE TABLE schedule_book (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL) STRICT;
    INSERT INTO schedule_book (id, revision) VALUES (1, 0);
  `,
};
