import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { evaluateFilter, filterFromFlags, fromBuilder, parseFilter, printFilter, toBuilder } from './index.ts';
import type { DataAnswer, FilterFlags, FilterNode } from './index.ts';

interface Vectors {
  readonly node: Omit<FilterNode, 'data'> & {
    readonly data: Record<string, Record<string, Record<string, string | number | boolean>>>;
  };
  readonly cases: readonly {
    readonly args: readonly string[];
    readonly expect: boolean | 'error';
    readonly code?: string;
  }[];
}

const flagNames: Readonly<Record<string, keyof FilterFlags>> = {
  '-F': 'facts',
  '-C': 'classes',
  '-A': 'agents',
  '-I': 'identities',
  '-W': 'with',
  '-S': 'select',
};

function toFlags(args: readonly string[]): FilterFlags {
  const flags: Partial<Record<keyof FilterFlags, string[]>> = {};
  for (let index = 0; index < args.length; index += 2) {
    const name = flagNames[args[index] ?? ''];
    if (name === undefined) throw new Error(`unknown flag ${String(args[index])}`);
    (flags[name] ??= []).push(args[index + 1] ?? '');
  }
  return flags;
}

describe.each(['filter-vectors.json', 'filter-cases.json'])('%s', (file) => {
  // The files are ours and have this shape.
  const vectors = JSON.parse(readFileSync(new URL(`../../../test/golden/${file}`, import.meta.url), 'utf8')) as Vectors;
  const data = (plugin: string, argument: string): DataAnswer => {
    const answers = vectors.node.data[plugin];
    return answers === undefined ? { known: false } : { known: true, outputs: answers[argument] ?? {} };
  };
  const node: FilterNode = { ...vectors.node, data };

  test.each(vectors.cases.map((one) => [one.args.join(' ').slice(0, 70), one] as const))('%s', (_name, one) => {
    const filter = filterFromFlags(toFlags(one.args));
    const matched = filter.ok ? evaluateFilter(filter.value, node) : filter;
    expect(matched.ok ? matched.value : 'error').toBe(one.expect);
    if (!matched.ok && one.code !== undefined) expect(matched.error.code).toBe(one.code);
    if (!filter.ok) {
      expect(filter.error.position).toBeDefined();
      return;
    }
    expect(parseFilter(printFilter(filter.value))).toEqual(filter);
    expect(fromBuilder(toBuilder(filter.value))).toEqual(filter);
  });
});
