import { describe, expect, it } from 'vitest';
import { createAggregator } from './aggregate.ts';
import { formatPrintf, sparkline, summaryLines } from './aggregate-text.ts';
import { actionSchema } from './schema.ts';

type Aggregates = Parameters<typeof actionSchema.parse>[0];

function summarise(aggregates: Aggregates, answers: readonly Record<string, unknown>[]) {
  const action = actionSchema.parse({
    name: 'act',
    description: 'Acts',
    effect: 'read',
    outputs: { out: { description: 'An output', display_as: 'The Output' } },
    aggregates,
  });
  const aggregator = createAggregator(action);
  for (const data of answers) aggregator.add(data);
  return aggregator.summaries();
}
const values = (...outs: unknown[]) => outs.map((out) => ({ out }));
const lines = (aggregate: Record<string, unknown>, ...outs: unknown[]) =>
  summarise([{ output: 'out', ...aggregate }], values(...outs)).flatMap(summaryLines);

describe('summary', () => {
  it('counts distinct values, the most frequent first, names lined up', () => {
    expect(lines({ function: 'summary' }, 'up', 'down', 'up', 3)).toEqual(['  up = 2', '   3 = 1', 'down = 1']);
  });
  it('counts the elements of arrays and the text of objects', () => {
    expect(lines({ function: 'summary' }, ['a', 'b'], ['a'], { x: 1 })).toEqual([
      '      a = 2',
      '      b = 1',
      '{"x":1} = 1',
    ]);
  });
  it('leaves out what is absent or null', () => {
    const [summary] = summarise([{ function: 'summary', output: 'out' }], [{}, { out: null }, { out: 'a' }]);
    expect(summary).toMatchObject({ answers: 1, title: 'The Output', finding: { counts: [{ value: 'a', count: 1 }] } });
  });
  it('uses the format of the DDL', () => {
    expect(lines({ function: 'summary', format: '%-6s: %3d' }, 'a', 'a')).toEqual(['a     :   2']);
  });
  it('maps values to labels, and leaves those without a label as they are', () => {
    const labels = { 0: 'OK', 2: 'CRITICAL' };
    expect(lines({ function: 'summary', labels }, 0, 2, 0, 3, 'toString')).toEqual([
      '      OK = 2',
      '       3 = 1',
      'CRITICAL = 1',
      'toString = 1',
    ]);
  });
  it('is not led astray by names of the prototype', () => {
    const [summary] = summarise([{ function: 'summary', output: 'toString' }], [{}]);
    expect(summary?.answers).toBe(0);
  });
});

describe('boolean_summary', () => {
  it('maps to labels', () => {
    expect(
      lines({ function: 'boolean_summary', labels: { true: 'enabled', false: 'disabled' } }, true, false, true),
    ).toEqual([' enabled = 2', 'disabled = 1']);
  });
});

describe('numbers', () => {
  it('averages without truncating integers', () =>
    expect(lines({ function: 'average' }, 1, 2)).toEqual(['Average of out: 1.500000']));
  it('sums', () => expect(lines({ function: 'sum' }, 1, 2.5)).toEqual(['Sum of out: 3.500000']));
  it('finds extremes', () => expect(lines({ function: 'minmax' }, 4, 1, 1)).toEqual(['Min: 1  Max: 4  Average: 2']));
  it('formats extremes', () => {
    expect(lines({ function: 'minmax', format: 'Min: %.3fms  Max: %.3fms  Average: %.3fms' }, 1, 2)).toEqual([
      'Min: 1.000ms  Max: 2.000ms  Average: 1.500ms',
    ]);
  });
  it('finds percentiles by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(lines({ function: 'percentiles' }, ...hundred)).toEqual(['p50: 50  p90: 90  p95: 95  p99: 99']);
  });
  it('charts in ten buckets that hold every answer', () => {
    const [summary] = summarise([{ function: 'chart', output: 'out' }], values(0, 1, 1, 2, 9.9, 10));
    const finding = summary?.finding;
    expect(finding?.kind === 'chart' && finding.buckets.map(({ count }) => count)).toEqual([
      1, 2, 1, 0, 0, 0, 0, 0, 0, 2,
    ]);
    expect(lines({ function: 'chart' }, 5, 5)).toEqual(['▇  5 to 5']);
  });
  it('says why it cannot compute', () => {
    expect(lines({ function: 'average' }, 1, 'x')).toEqual(['Could not compute summary - x is not a number']);
  });
  it.each(['average', 'sum', 'minmax', 'percentiles', 'chart'])('%s of nothing is no line', (name) => {
    expect(lines({ function: name })).toEqual([]);
  });
});

describe('formatPrintf', () => {
  it.each([
    ['%s/%d', ['a', 1.9], 'a/1'],
    ['%5s|%-5s|', ['a', 'b'], '    a|b    |'],
    ['%05d %.1f %%', [42, 1.25], '00042 1.3 %'],
    ['%s %s', ['a'], 'a '],
    ['%q 100%', ['a'], '%q 100%'],
  ] as const)('%s', (format, args, expected) => expect(formatPrintf(format, args)).toBe(expected));
});

describe('sparkline', () => {
  it('shows 0 lowest and the largest highest', () => expect(sparkline([0, 1, 50, 100])).toBe('▁▂▄▇'));
  it('is empty for nothing', () => expect(sparkline([])).toBe(''));
});
