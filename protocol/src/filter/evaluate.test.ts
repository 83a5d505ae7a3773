import { describe, expect, test } from 'vitest';
import {
  compileFilter,
  conjunction,
  dataQueries,
  discoveryNeeds,
  disjunction,
  evaluateFilter,
  explainFilter,
  filterFromFlags,
  parseFilter,
  printFilter,
  type FilterExpression,
  type FilterNode,
} from './index.ts';

const parsed = (text: string): FilterExpression => {
  const filter = parseFilter(text);
  if (!filter.ok) throw new Error(filter.error.message);
  return filter.value;
};
const nodeWith = (facts: Record<string, unknown>): FilterNode => ({
  identity: 'n',
  collectives: [],
  facts,
  classes: [],
  agents: [],
});
const matches = (text: string, facts: Record<string, unknown>) => evaluateFilter(parsed(text), nodeWith(facts));

describe('evaluation', () => {
  test('a regular expression that would explode elsewhere takes linear time', () => {
    const long = 'a'.repeat(65_536);
    expect(matches('x=/(a+)+$/', { x: `${long}b` })).toEqual({ ok: true, value: false });
    expect(matches('x=/(a|aa)+$/', { x: `${long}b` })).toEqual({ ok: true, value: false });
    expect(matches('x=/^(.*,){8}z/', { x: `${'a,'.repeat(30_000)}b` })).toEqual({ ok: true, value: false });
  });

  test('facts of any depth are looked through', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(matches('x=bottom', { x: deep })).toEqual({ ok: true, value: true });
  });

  test('own facts named like inherited properties are found, inherited ones are not', () => {
    const facts = JSON.parse('{"__proto__": {"x": "1"}, "constructor": "c"}') as Record<string, unknown>;
    expect(matches('__proto__.x=1 and constructor=c', facts)).toEqual({ ok: true, value: true });
    expect(matches('__proto__=/./ or hasOwnProperty=/./ or a.__proto__=/./', { a: {} })).toEqual({
      ok: true,
      value: false,
    });
  });

  test('a tree deeper than the bound is refused, not run into', () => {
    let filter = parsed('a');
    for (let level = 0; level < 100_000; level++) filter = { kind: 'not', operand: filter };
    expect(compileFilter(filter)).toMatchObject({ ok: false, error: { code: 'filter.too_deep' } });
  });

  test('a broken regular expression in a tree from elsewhere is a fault, never a silent miss', () => {
    const filter: FilterExpression = { kind: 'class', matcher: { kind: 'regex', source: '(', flags: '' } };
    expect(compileFilter(filter)).toMatchObject({ ok: false, error: { code: 'filter.regex' } });
  });

  test('each data plugin is asked by its plugin and argument', () => {
    const asked: string[] = [];
    const node: FilterNode = {
      ...nodeWith({}),
      data: (plugin, argument) => {
        asked.push(`${plugin}:${argument}`);
        return { known: true, outputs: { x: 1 } };
      },
    };
    expect(evaluateFilter(parsed("a().x=1 and b('q').x>0"), node)).toEqual({ ok: true, value: true });
    expect(new Set(asked)).toEqual(new Set(['a:', 'b:q']));
  });

  test('a value that does not fit names its condition', () => {
    const node: FilterNode = { ...nodeWith({}), data: () => ({ known: true, outputs: { enabled: true } }) };
    const result = evaluateFilter(parsed('puppet().enabled=yes'), node);
    expect(result.ok ? '' : result.error.message).toContain('puppet().enabled=yes');
  });
});

test('data queries are gathered once each', () => {
  expect(dataQueries(parsed("a().x=1 or not (b('q').y=2 and b('q').z=3) or apache"))).toEqual([
    { plugin: 'a', argument: '' },
    { plugin: 'b', argument: 'q' },
  ]);
});

test.each([
  ['@identity=a', false, ['a']],
  ['@identity=a or @identity=b or @identity=a', false, ['a', 'b']],
  ['@identity=a or (@identity=b or @identity=c)', false, ['a', 'b', 'c']],
  ['@identity=a*', false, null],
  ['@identity=a or apache', false, null],
  ['@identity=a and @identity=b', false, null],
  ['not @identity=a', false, null],
  ['', false, null],
  ["apache or not fstat('x').size>1", true, null],
])('discovery of %s', (text, needsBroadcast, plainIdentities) => {
  expect(discoveryNeeds(parsed(text))).toEqual({ needsBroadcast, plainIdentities });
});

test('filters are joined flat, and every node stays neutral', () => {
  const join = (texts: string[]) => printFilter(conjunction(texts.map(parsed)));
  expect(join([])).toBe('');
  expect(join(['', 'a'])).toBe('a');
  expect(join(['a and b', 'c', 'd or e'])).toBe('a and b and c and (d or e)');
  expect(printFilter(disjunction(['a or b', 'c and d'].map(parsed)))).toBe('a or b or (c and d)');
  expect(disjunction(['a', ''].map(parsed))).toEqual({ kind: 'all' });
});

test('flags become one expression', () => {
  const filter = filterFromFlags({
    facts: ['os=linux'],
    classes: ['/^role/'],
    agents: ['puppet'],
    identities: ['web[01-20]', '/db/'],
    with: ['cpu>4 apache'],
    select: ['a or b'],
    collectives: ['eu'],
  });
  expect(filter.ok && printFilter(filter.value)).toBe(
    'os=linux and /^role/ and @agent=puppet and cpu>4 and apache and (a or b) and @collective=eu and (@identity=web[01-20] or @identity=~/db/)',
  );
  const refused = filterFromFlags({ facts: ['ok=1', 'os=/(/'] });
  expect(refused.ok ? '' : refused.error).toMatchObject({ code: 'filter.regex', position: { start: 3, end: 6 } });
  expect(refused.ok ? '' : refused.error.message).toContain("In -F 'os=/(/'");
});

test('explanations read as sentences and nested lists', () => {
  expect(explainFilter(parsed(''))).toBe('Every node.');
  expect(explainFilter(parsed('os!=linux'))).toBe('Nodes where the fact os is not "linux".');
  expect(explainFilter(parsed("apache and not (@identity=web* or fstat('/x').size>=1)"))).toBe(
    [
      'Nodes where all of these hold:',
      '  - the class apache is assigned',
      '  - this does not hold:',
      '    - at least one of these holds:',
      '      - the identity fits web*',
      '      - the data plugin fstat, asked about "/x", says that size is at least "1"',
      'Nodes without the data plugin fstat are left out.',
    ].join('\n'),
  );
});
