import { readFileSync } from 'node:fs';
import { agentDdlSchema } from '@muster/protocol/ddl';
import { describe, expect, it } from 'vitest';
import { checkPolicies } from './check-policies.ts';

const node = {
  identity: 'web1',
  collectives: ['muster'],
  facts: { environment: 'test' },
  classes: ['apache'],
  agents: [{ name: 'shell', version: '1' }],
  agentVersion: '1',
  firstSeenMs: 0,
  lastSeenMs: 0,
  syncedAtMs: 0,
  clockSkewMs: null,
};
const policy =
  'policy default deny\nallow\tops\trun\tenvironment=test\t*\twhere command = /^uptime$/ and timeout <= 60\n';
const question = {
  files: { 'shell.policy': policy, groups: 'ops cert=bob\n' },
  caller: 'cert=bob',
  agent: 'shell',
  action: 'run',
  inputs: { command: 'uptime', timeout: '60' },
  identity: 'web1',
};
const ddl = agentDdlSchema.parse(
  JSON.parse(readFileSync(new URL('../../../test/support/agent/plugins/strongbox.json', import.meta.url), 'utf8')),
);

describe('policies that are tried', () => {
  it('decide by the line that a node would decide by', () => {
    expect(checkPolicies(question, node, null)).toMatchObject({
      value: { allow: true, rule: { file: 'shell.policy', line: 2 } },
    });
    expect(checkPolicies({ ...question, caller: 'cert=eve' }, node, null)).toMatchObject({
      value: { allow: false, rule: { file: 'shell.policy', line: 1 } },
    });
    expect(checkPolicies({ ...question, inputs: { command: 'uptime', timeout: '61' } }, node, null)).toMatchObject({
      value: { allow: false },
    });
    expect(checkPolicies(question, { ...node, facts: {} }, null)).toMatchObject({ value: { allow: false } });
  });

  it('say at which lines files cannot be understood', () => {
    const files = { 'shell.policy': `${policy}permit\t*\t*\t*\t*\n`, groups: 'ops /(/\n', 'settings.json': '{' };
    expect(checkPolicies({ ...question, files }, node, null)).toMatchObject({
      value: {
        allow: false,
        rule: { file: 'shell.policy', line: 3 },
        faults: [
          { file: 'shell.policy', line: 3, column: 1 },
          { file: 'groups', line: 1, column: 5 },
          { file: 'settings.json', line: null, column: null },
        ],
      },
    });
    expect(checkPolicies(question, node, null)).toMatchObject({ value: { faults: [] } });
  });

  it('check actions and inputs where the description is known', () => {
    const put = { ...question, agent: 'strongbox', action: 'put', files: {}, inputs: { label: 'x', secret: 'y' } };
    expect(checkPolicies(put, node, ddl)).toMatchObject({ value: { allow: false, rule: null } });
    expect(checkPolicies({ ...put, action: 'take' }, node, ddl)).toMatchObject({
      error: { code: 'request.unknown_action' },
    });
    expect(checkPolicies({ ...put, inputs: { odd: 'x' } }, node, ddl)).toMatchObject({
      error: { code: 'request.invalid_input' },
    });
  });
});
