import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ok } from '../errors/index.ts';
import type { DataAnswer, FilterNode } from '../filter/index.ts';
import { decide, policyQueries, readPolicies } from './index.ts';

interface Vectors {
  readonly node: Omit<FilterNode, 'data'> & {
    readonly data: Record<string, Record<string, Record<string, string | number | boolean>>>;
  };
  readonly cases: readonly {
    readonly name?: string;
    readonly policy: string | null;
    readonly default_policy?: string;
    readonly groups?: string;
    readonly options?: object;
    readonly caller: string;
    readonly agent: string;
    readonly action: string;
    readonly inputs?: Readonly<Record<string, unknown>>;
    readonly expect: 'allow' | 'deny';
    readonly rule?: string | null;
    readonly reason?: string;
  }[];
}

describe.each(['policy-vectors.json', 'policy-cases.json'])('%s', (file) => {
  // The files are ours and have this shape.
  const vectors = JSON.parse(readFileSync(new URL(`../../../test/golden/${file}`, import.meta.url), 'utf8')) as Vectors;

  test.each(vectors.cases.map((one, index) => [one.name ?? `case ${index}`, one] as const))('%s', (_name, one) => {
    const { caller, agent, action, inputs = {} } = one;
    const texts = {
      [`${agent}.policy`]: one.policy,
      'default.policy': one.default_policy,
      groups: one.groups,
      'settings.json': one.options && JSON.stringify(one.options),
    };
    const sources = Object.entries(texts).flatMap(([name, text]) => (text == null ? [] : [[name, ok(text)] as const]));
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
