import { describe, expect, test } from 'vitest';
import { filterLimits, parseFilter, printFilter, regexMatcher, type FilterExpression } from './index.ts';

const parsed = (text: string): FilterExpression => {
  const filter = parseFilter(text);
  if (!filter.ok) throw new Error(filter.error.message);
  return filter.value;
};

describe('trees', () => {
  const os = { kind: 'fact', path: 'os', operator: '=', value: 'linux' };
  const apache = { kind: 'class', matcher: { kind: 'exact', text: 'apache' } };

  test.each([
    ['', { kind: 'all' }],
    ['os=linux', os],
    ['os==linux', os],
    ['os=/lin/i', { kind: 'fact', path: 'os', operator: '=~', value: regexMatcher('lin', 'i') }],
    ['os==/lin/', { kind: 'fact', path: 'os', operator: '=', value: '/lin/' }],
    ['os!=/lin/', { kind: 'fact', path: 'os', operator: '!~', value: regexMatcher('lin') }],
    ['cpu=>4', { kind: 'fact', path: 'cpu', operator: '>=', value: '4' }],
    ['a."b.c".d=1', { kind: 'fact', path: 'a.b\\.c.d', operator: '=', value: '1' }],
    ['apache', apache],
    ['/a\\/b/', { kind: 'class', matcher: regexMatcher('a/b') }],
    ['not apache', { kind: 'not', operand: apache }],
    ['apache and os=linux and apache', { kind: 'and', operands: [apache, os, apache] }],
    ['(apache and os=linux) and apache', { kind: 'and', operands: [{ kind: 'and', operands: [apache, os] }, apache] }],
    ['apache or os=linux and apache', { kind: 'or', operands: [apache, { kind: 'and', operands: [os, apache] }] }],
    ['@identity=web*', { kind: 'identity', matcher: { kind: 'glob', pattern: 'web*' } }],
    ['@agent!=shell', { kind: 'not', operand: { kind: 'agent', matcher: { kind: 'exact', text: 'shell' } } }],
    ['p().o<1', { kind: 'data', plugin: 'p', output: 'o', operator: '<', value: '1' }],
    ["p('').o<1", { kind: 'data', plugin: 'p', argument: '', output: 'o', operator: '<', value: '1' }],
  ])('%s', (text, tree) => {
    expect(parsed(text)).toEqual(tree);
  });
});

describe('canonical text', () => {
  test.each([
    ['  os  ==  linux ', 'os=linux'],
    ['a and b or c', '(a and b) or c'],
    ['a or b and c', 'a or (b and c)'],
    ['((a)) and (b)', 'a and b'],
    ['!(a or !b)', 'not (a or not b)'],
    ['os=~lin', 'os=~/lin/'],
    ['os==/x/', 'os="/x/"'],
    ['"my fact"="x y"', '"my fact"="x y"'],
    ['not=1', '"not"=1'],
    ['@class=web', 'web'],
    ['@identity==web*', '@identity==web*'],
    ['@identity!~/x/', 'not @identity=~/x/'],
    ['fstat( "/etc/hosts" ) . size > 1', null],
    ['fstat( "/etc/hosts" ).size > 1', "fstat('/etc/hosts').size>1"],
    ['not @all', 'not @all'],
  ])('%s', (text, canonical) => {
    const filter = parseFilter(text);
    expect(filter.ok ? printFilter(filter.value) : null).toBe(canonical);
  });
});

describe('refusals', () => {
  test.each([
    ['apache nginx', 'filter.syntax', 7, 8],
    ['apache or', 'filter.syntax', 9, 9],
    ['apache or or nginx', 'filter.syntax', 10, 12],
    ['(apache', 'filter.syntax', 0, 1],
    ['a and (b or (c)', 'filter.syntax', 6, 7],
    ['apache)', 'filter.syntax', 6, 7],
    ['os=', 'filter.syntax', 3, 3],
    ['os="x', 'filter.syntax', 3, 5],
    ["os='\\d'", 'filter.syntax', 4, 6],
    ['a and os=/(/', 'filter.regex', 9, 12],
    ['os=/x/g', 'filter.regex', 3, 7],
    ['os=~[', 'filter.regex', 4, 5],
    ['@role=x', 'filter.syntax', 0, 5],
    ['a and @identity=web[3-1]', 'filter.syntax', 16, 24],
    ['@class=web*', 'filter.value', 7, 11],
    ['a..b=1', 'filter.syntax', 0, 4],
    ['foo/=bar', 'filter.syntax', 3, 4],
  ] as const)('%s', (text, code, start, end) => {
    const filter = parseFilter(text);
    expect(filter.ok ? 'parsed' : filter.error).toMatchObject({ code, position: { start, end } });
    expect(filter.ok ? '' : filter.error.mend).toBeTruthy();
  });
});

describe('bounds', () => {
  const code = (text: string) => {
    const filter = parseFilter(text);
    return filter.ok ? 'ok' : filter.error.code;
  };

  test('length, as written and as printed', () => {
    expect(code('a'.repeat(filterLimits.textLength))).toBe('ok');
    expect(code('a'.repeat(filterLimits.textLength + 1))).toBe('filter.too_long');
    expect(code(`a="${'\n'.repeat(filterLimits.textLength - 100)}"`)).toBe('filter.too_long');
  });

  test('conditions and regular expressions', () => {
    const many = (count: number, one: string) => Array.from({ length: count }, () => one).join(' or ');
    expect(code(many(filterLimits.conditions, 'a'))).toBe('ok');
    expect(code(many(filterLimits.conditions + 1, 'a'))).toBe('filter.too_long');
    expect(code(many(filterLimits.regexes, '/a/'))).toBe('ok');
    expect(code(many(filterLimits.regexes + 1, '/a/'))).toBe('filter.too_long');
  });

  test('depth', () => {
    expect(code('('.repeat(30_000))).toBe('filter.too_deep');
    expect(code('!'.repeat(60_000))).toBe('filter.too_deep');
    expect(code('not '.repeat(filterLimits.depth) + 'a')).toBe('ok');
    const zigzag = (depth: number) => `${'(a and (b or '.repeat(depth)}c${'))'.repeat(depth)}`;
    expect(code(zigzag(filterLimits.depth / 2))).toBe('ok');
    expect(code(zigzag(filterLimits.depth))).toBe('filter.too_deep');
  });

  test('regular expressions that would grow', () => {
    for (const source of [
      'x{1000}'.repeat(100),
      'x{1000}{1000}',
      '((x{50}){50}){50}',
      'x'.repeat(2_000),
      '\\pL{900}\\pL{900}\\pL{900}\\pL{900}\\pL{900}\\pL{900}',
    ]) {
      expect(code(`a=/${source}/`)).toBe('filter.regex');
    }
  });
});
