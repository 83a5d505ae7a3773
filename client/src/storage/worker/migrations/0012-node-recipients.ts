import type { Migration } from './index.ts';

export const nodeRecipients: Migration = {
  number: 12,
  name: 'node_recipients',
  sql: `
    -- To what sensitive inputs for a node are sealed, as the node said last in a signed message.
    CREATE TABLE node_recipients (
      identity TEXT PRIMARY KEY,
      recipient TEXT NOT NULL,
      -- By the node's own clock.
      announced_at_ms INTEGER NOT NULL
    ) STRICT;
  `,
};
