import { coreAgents, shippedAgents } from '@muster/agent/agents';
import { shippedData } from '@muster/agent/data';
import { lintDdl } from '@muster/protocol/ddl-lint';
import { expect, it } from 'vitest';

const ddls = [...coreAgents, ...shippedAgents, ...shippedData].map(({ ddl }) => ddl);

it.each(ddls.map((ddl) => [`${ddl.kind} ${ddl.name}`, ddl] as const))(
  'lint has nothing against the DDL of the %s',
  (_name, ddl) => {
    expect(lintDdl(JSON.parse(JSON.stringify(ddl)), { name: ddl.name })).toEqual([]);
  },
);
