import { describe, expect, test } from 'vitest';
import {
  builderFaults,
  fromBuilder,
  parseFilter,
  printFilter,
  toBuilder,
  type BuilderGroup,
  type BuilderItem,
} from './index.ts';

const group = (children: readonly BuilderItem[], more: Partial<BuilderGroup> = {}): BuilderGroup => ({
  kind: 'group',
  mode: 'all',
  negated: false,
  children,
  ...more,
});
const row = (path: string, value: string): BuilderItem => ({
  kind: 'row',
  negated: false,
  fields: { subject: 'fact', path, operator: '=', value, flags: '' },
});
const textOf = (model: BuilderGroup) => {
  const filter = fromBuilder(model);
  return filter.ok ? printFilter(filter.value) : filter.error.message;
};
const modelOf = (text: string) => {
  const filter = parseFilter(text);
  if (!filter.ok) throw new Error(filter.error.message);
  return toBuilder(filter.value);
};

describe('from text to rows', () => {
  test('every node is an empty group', () => {
    expect(modelOf('')).toEqual(group([]));
  });

  test('groups, negation and rows', () => {
    expect(modelOf('os=linux and not (apache or not cpu=~/4/i)')).toEqual(
      group([
        row('os', 'linux'),
        group(
          [
            { kind: 'row', negated: false, fields: { subject: 'class', operator: '=', value: 'apache', flags: '' } },
            {
              kind: 'row',
              negated: true,
              fields: { subject: 'fact', path: 'cpu', operator: '=~', value: '4', flags: 'i' },
            },
          ],
          { mode: 'any', negated: true },
        ),
      ]),
    );
  });

  test('what has no row stays text', () => {
    expect(modelOf('os=linux or @all').children.at(-1)).toEqual({ kind: 'text', text: '@all' });
  });
});

describe('from rows to text', () => {
  test('groups of one are their child, text is read where it stands', () => {
    expect(textOf(group([]))).toBe('');
    expect(textOf(group([group([row('a', '1')], { mode: 'any' })]))).toBe('a=1');
    expect(textOf(group([row('a', '1'), { kind: 'text', text: 'b or c=2' }]))).toBe('a=1 and (b or c=2)');
    expect(textOf(group([row('a', '1')], { negated: true }))).toBe('not a=1');
  });

  test('fields cannot smuggle in operators', () => {
    expect(textOf(group([row('a b=1 or c', 'x or y')]))).toBe('"a b=1 or c"="x or y"');
    const data: BuilderItem = {
      kind: 'row',
      negated: false,
      fields: { subject: 'data', plugin: 'a or b', output: 'x', operator: '=', value: '1', flags: '' },
    };
    expect(builderFaults(group([data]))).toMatchObject([{ path: [0], fault: { code: 'filter.syntax' } }]);
  });

  test('every fault has its place', () => {
    const model = group([
      row('', '1'),
      group([row('a', '1'), { kind: 'text', text: 'b or' }, group([])]),
      { kind: 'row', negated: false, fields: { subject: 'class', operator: '=~', value: '(', flags: '' } },
      { kind: 'row', negated: false, fields: { subject: 'agent', operator: '=', value: 'r*', flags: '' } },
      { kind: 'text', text: '  ' },
    ]);
    expect(builderFaults(model).map(({ path, fault }) => [path.join('.'), fault.code])).toEqual([
      ['0', 'filter.syntax'],
      ['1.1', 'filter.syntax'],
      ['1.2', 'filter.syntax'],
      ['2', 'filter.regex'],
      ['3', 'filter.value'],
      ['4', 'filter.syntax'],
    ]);
    expect(fromBuilder(model).ok).toBe(false);
  });
});
