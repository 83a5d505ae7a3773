import { describe, expect, test } from 'vitest';
import { policyFilesOf, policyVectors } from '../../../test/support/policy-vectors.ts';
import { ok } from '../errors/index.ts';
import type { DataAnswer, FilterNode } from '../filter/index.ts';
import { decide, policyQueries, readPolicies } from './index.ts';

/** A node, and what its data plugins answer. */
type GoldenNode = Omit<FilterNode, 'data'> & {
  readonly data: Record<string, Record<string, Record<string, string | number | boolean>>>;
};

describe.each(['policy-vectors', 'policy-cases'] as const)('%s', (file) => {
  const vectors = policyVectors<GoldenNode>(file);

  test.each(vectors.cases.map((one, index) => [one.name ?? `case ${index}`, one] as const))('%s', (_name, one) => {
    const { caller, agent, action, inputs = {} } = one;
    const sources = [...policyFilesOf(one)].map(([name, text]) => [name, ok(text)] as const);
    const policies = readPolicies(new Map(sources));
    const request = { caller, agent, action, inputs };
    const queries = policyQueries(policies, request).map(({ plugin, argument }) => `${plugin}(${argument})`);
    const data = (plugin: string, argument: string): DataAnswer => {
      const answers = vectors.node.data[plugin];
      // What is not asked for beforehand is not needed.
      if (answers === undefined || !queries.includes(`${plugin}(${argument})`)) return { known: false };
      return { known: true, outputs: answers[argument] ?? {} };
    };
    const { allow, rule, reason } = decide(policies, request, { ...vectors.node, data });
    expect(allow).toBe(one.expect === 'allow');
    expect(reason).toContain(one.reason ?? '');
    if (one.rule !== undefined) expect(rule && `${rule.file}:${rule.line}`).toBe(one.rule);
  });
});
