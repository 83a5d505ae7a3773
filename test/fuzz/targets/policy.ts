import assert from 'node:assert/strict';
import { coreAgents, shippedAgents } from '@muster/agent/agents';
import { ok } from '@muster/protocol/errors';
import {
  decide,
  policyLimits,
  policyQueries,
  readPolicies,
  type Policies,
  type PolicyFault,
} from '@muster/protocol/policy';
import { lintPolicies, policyLintRules } from '@muster/protocol/policy-lint';
import { anyNode } from '../material/filters.ts';
import { anyInputs, filePart, goodFolders } from '../material/policies.ts';
import { assertFault } from '../promises.ts';
import { toText, type FuzzTarget } from '../target.ts';

const ddls = new Map([...coreAgents, ...shippedAgents].map(({ ddl }) => [ddl.name, ddl]));
const names = ['service.policy', 'default.policy', 'groups', 'settings.json'];
const callers = ['cert=a', 'cert=bob', `cert=${'a'.repeat(250)}`];

function assertPlaced({ fault, line, column }: PolicyFault, text: string, places: boolean): void {
  assertFault(fault, { text, codes: /^(policy|filter)\./, placed: places });
  assert.equal(line === null, fault.position === undefined);
  if (line === null || column === null) return;
  const before = text.slice(0, fault.position?.start).split('\n');
  assert.deepEqual(
    [line, column],
    [before.length, (before.at(-1)?.length ?? 0) + 1],
    'line and column are of the position',
  );
}

/** Nobody is allowed anything by what is broken, and each decision says what decided. */
function assertDecisions(policies: Policies, texts: ReadonlyMap<string, string>): void {
  for (const caller of callers) {
    for (const inputs of anyInputs) {
      const request = { caller, agent: 'service', action: 'run', inputs };
      const { allow, rule, reason } = decide(policies, request, anyNode);
      assert.notEqual(reason, '');
      policyQueries(policies, request);
      if (rule === null) {
        assert.equal(allow, policies.settings.allowUnconfigured, 'without a line that decides, the setting does');
        continue;
      }
      const file = policies.files.get(rule.file);
      const line = texts.get(rule.file)?.split('\n')[rule.line - 1] ?? '';
      assert.ok(file !== undefined);
      if (file.faults.length > 0) assert.equal(allow, false, 'what is broken allows nothing');
      else assert.match(line, allow ? /allow/ : /deny|policy/, 'the line that decides says so');
    }
  }
}

export const openTarget = (): FuzzTarget => ({
  about:
    'A folder of policies: read or refused with places; whatever it says, each request is decided, and what is broken allows nothing.',
  maxBytes: policyLimits.fileBytes + 16,
  words: [
    ...['\t', '\n', '  ', ' ', '*', '#', '/^cert=/', 'cert=a', 'ops', 'policy default allow', 'policy default deny'],
    ...['allow\t', 'deny\t', '\twhere ', ' and ', ' or ', 'not ', '= /^', '/i', ' < 5', '\ufeff', '\r\n', filePart],
    ...["fact('os').exists=true", '@identity=', '"allow_unconfigured":', '"enable_default":', 'true', '"yes"'],
  ],
  starts: goodFolders,
  run(input) {
    const parts = toText(input).split(filePart, names.length);
    const texts = new Map(parts.flatMap((text, index) => (text === '' ? [] : [[names[index] ?? '', text] as const])));
    const policies = readPolicies(new Map([...texts].map(([name, text]) => [name, ok(text)])));
    for (const { name, faults } of policies.files.values()) {
      for (const fault of faults) assertPlaced(fault, texts.get(name) ?? '', true);
    }
    for (const fault of policies.groups.faults) assertPlaced(fault, texts.get('groups') ?? '', true);
    for (const fault of policies.settingsFaults) assertPlaced(fault, '', false);
    assertDecisions(policies, texts);
    for (const known of [new Map<never, never>(), ddls]) {
      for (const { rule, message } of lintPolicies(policies, { ddls: known, others: [] })) {
        assert.ok(Object.hasOwn(policyLintRules, rule));
        assert.notEqual(message, '');
      }
    }
  },
});
