import type { Migration } from './index.ts';

export const nodeHealth: Migration = {
  number: 15,
  name: 'node-health',
  sql: `
    -- How long a node's last registration holds, as it said; when it said that it stops, null since it was heard again; and the end of
    -- the certificate that it signed with last.
    ALTER TABLE nodes ADD COLUMN heard_within_ms INTEGER;
    ALTER TABLE nodes ADD COLUMN stopped_at_ms INTEGER;
    ALTER TABLE nodes ADD COLUMN certificate_until_ms INTEGER;
  `,
};
