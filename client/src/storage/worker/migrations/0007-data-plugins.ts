import type { Migration } from './index.ts';

export const dataPlugins: Migration = {
  number: 7,
  name: 'data-plugins',
  sql: `
    CREATE TABLE data_plugins (
      name TEXT NOT NULL,
      version TEXT NOT NULL,
      ddl TEXT NOT NULL,
      learnt_at_ms INTEGER NOT NULL,
      PRIMARY KEY (name, version)
    ) STRICT;

    -- As agent_sets: the digest that nodes announce of their agents is of their data plugins too.
    CREATE TABLE data_plugin_sets (
      digest TEXT NOT NULL,
      name TEXT NOT NULL,
      version TEXT NOT NULL,
      PRIMARY KEY (digest, name)
    ) STRICT;
  `,
};
