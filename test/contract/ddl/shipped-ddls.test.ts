import { coreAgents, shippedAgents } from '@muster/agent/agents';
import { shippedData } from '@muster/agent/data';
import { lintDdl } from '@muster/protocol/ddl-lint';
import { expect, it } from 'vitest';

const ddls = [...coreAgents, ...shippedAgents, ...shippedData].map(({ ddl }) => ddl);

// As in MCollective, whose agents these follow: answers that are for programs, and a default that tells what no input means.
const accepted = new Set(['nrpe hidden-answers actions.1', 'puppet default-unused actions.2.inputs.logs.default']);

it.each(ddls.map((ddl) => [`${ddl.kind} ${ddl.name}`, ddl] as const))(
  'lint has nothing against the DDL of the %s',
  (_name, ddl) => {
    const findings = lintDdl(JSON.parse(JSON.stringify(ddl)), { name: ddl.name }).map(
      ({ rule, path }) => `${ddl.name} ${rule} ${path.join('.')}`,
    );
    expect(findings.filter((finding) => !accepted.has(finding))).toEqual([]);
  },
);
