import type { FleetDataPlugin } from '@muster/protocol/bridge';
import { dataDdlSchema } from '@muster/protocol/ddl';

const metadata = {
  kind: 'data',
  author: 'Muster',
  license: 'Apache-2.0',
  url: 'https://example.com',
  timeout: 1,
} as const;

const fact = {
  ...metadata,
  name: 'fact',
  description: 'A fact by its path',
  version: '1.0.0',
  query: {
    type: 'string',
    prompt: 'Path',
    description: 'Dotted path into the facts',
    validation: '^.+$',
    maxlength: 256,
  },
  outputs: {
    exists: { type: 'boolean', display_as: 'Exists', description: 'Whether the node has the fact' },
    value: { type: 'any', display_as: 'Value', description: 'Its value; left out where there is none' },
  },
} as const;

const puppet = {
  ...metadata,
  name: 'puppet',
  description: 'State of the Puppet agent',
  version: '1.1.0',
  query: null,
  outputs: {
    enabled: { type: 'boolean', display_as: 'Enabled', description: 'Whether Puppet may run' },
    status: { type: 'string', display_as: 'Status', description: 'What the Puppet agent is doing' },
  },
} as const;

/** Data plugins, one of them in two versions. */
export const fakeDataPlugins = (nodes: number): readonly FleetDataPlugin[] => [
  { name: 'fact', versions: [{ ddl: dataDdlSchema.parse(fact), nodes }] },
  {
    name: 'puppet',
    versions: [
      { ddl: dataDdlSchema.parse(puppet), nodes: nodes - 2 },
      { ddl: dataDdlSchema.parse({ ...puppet, version: '1.0.0' }), nodes: 2 },
    ],
  },
];
