import { coreAgents, shippedAgents } from '@muster/agent/agents';
import { shippedData } from '@muster/agent/data';
import { readAgentDdl, readDataDdl } from '@muster/protocol/ddl';
import { lintDdl } from '@muster/protocol/ddl-lint';
import { assertDdl } from '../material/ddls.ts';
import { assertFault } from '../promises.ts';
import { toText, type FuzzTarget } from '../target.ts';

/** What Choria's generator writes. */
const choria = {
  $schema: 'https://choria.io/schemas/mcorpc/ddl/v1/agent.json',
  metadata: {
    name: 'disk',
    description: 'Disks',
    author: 'a',
    license: 'Apache-2.0',
    version: '1.0.0',
    url: 'https://a.example',
    timeout: 5,
    provider: 'external',
  },
  actions: [
    {
      action: 'usage',
      display: 'ok',
      description: 'How full a disk is',
      input: {
        path: {
          prompt: 'Path',
          description: 'Where',
          type: 'string',
          optional: false,
          validation: '^/',
          maxlength: 256,
          default: '/',
        },
      },
      output: { used: { description: 'Percent', display_as: 'Used', type: 'integer' } },
      aggregate: [{ function: 'summary', args: ['used', { format: '%s: %d' }] }],
    },
  ],
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const openTarget = (): FuzzTarget => {
  const own = [...coreAgents, ...shippedAgents, ...shippedData].map(({ ddl }) => ddl);
  return {
    about: 'DDLs in JSON, ours and Choria’s: read or refused; what was read is checked, documented and read again.',
    maxBytes: 256 * 1024,
    json: true,
    starts: [choria, ...own].map((ddl) => JSON.stringify(ddl)),
    run(input) {
      const json = parse(toText(input));
      lintDdl(json);
      for (const read of [readAgentDdl(json), readDataDdl(json)]) {
        if (read.ok) assertDdl(read.value.ddl);
        else assertFault(read.error, { codes: /^ddl\.malformed$/ });
      }
    },
  };
};
