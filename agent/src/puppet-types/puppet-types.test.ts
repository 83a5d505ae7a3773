import { describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { compileType } from './index.ts';

describe('a Puppet type', () => {
  it.each<[string, unknown[], unknown[]]>([
    ['String', ['', 'x'], [1, null, undefined, true, [], {}]],
    ['String[1]', ['x', '😀'], ['']],
    ['String[1, 2]', ['ab', '😀😀'], ['', 'abc']],
    ['String[default, 2]', ['', 'ab'], ['abc']],
    ['Integer', [0, -1], [1.5, '1', null]],
    ['Integer[1, 65535]', [1, 65_535], [0, 65_536]],
    ['Integer[-5, default]', [-5, 9], [-6]],
    ['Float[0.5, 1]', [0.5, 1], [0.4, '0.5']],
    ['Numeric', [1, 1.5], ['1']],
    ['Boolean', [true, false], ['true', 0]],
    ['Boolean[true]', [true], [false]],
    ['Enum[\'start\', "stop"]', ['start', 'stop'], ['Start', '', null]],
    ['Enum[start, stop]', ['start'], ['x']],
    ['Pattern[/\\A[a-z]+\\z/, /^\\/x$/]', ['abc', '/x', 'A\n/x'], ['a1', 5]],
    ['Optional[String[1]]', ['x', null, undefined], ['', 1]],
    ['Optional', [null, 1], []],
    ['NotUndef[Integer]', [1], [null, 'x']],
    ['Variant[Integer, Enum[auto]]', [1, 'auto'], ['x', 1.5]],
    ['Array', [[], [1, 'x', [null]]], [{}, 'x']],
    ['Array[Integer, 1, 2]', [[1], [1, 2]], [[], [1, 2, 3], ['x']]],
    ['Array[String[1], 1]', [['a', 'b', 'c']], [[], ['']]],
    ['Hash', [{}, { a: 1 }], [[], null]],
    ['Hash[String, Integer]', [{ a: 1 }], [{ a: 'x' }]],
    ['Hash[Enum[a], Any, 1]', [{ a: null }], [{}, { b: 1 }]],
    ['Tuple[String, Integer]', [['a', 1]], [['a'], ['a', 1, 2], [1, 'a']]],
    ['Tuple[String, Integer, 1, 3]', [['a'], ['a', 1, 2]], [[], ['a', 1, 2, 3]]],
    [
      "Struct[{ mode => Enum[file, link], 'path' => Optional[String[1]], Optional[owner] => String }]",
      [{ mode: 'file' }, { mode: 'link', path: null, owner: 'x' }],
      [{}, { mode: 'x' }, { mode: 'file', owner: null }, { mode: 'file', other: 1 }, []],
    ],
    ['Sensitive[String]', ['x'], [1]],
    ['Data', [1, 'x', null, [1, { a: 1 }]], []],
    ['Collection', [[], {}], ['x']],
    ['Undef', [null], ['']],
  ])('%s', (text, fitting, odd) => {
    const { accepts } = unwrap(compileType(text));
    expect(fitting.filter((value) => !accepts(value))).toEqual([]);
    expect(odd.filter((value) => accepts(value))).toEqual([]);
  });

  it.each([
    ['String', false, false],
    ['Optional[String]', true, false],
    ['Variant[Undef, String]', true, false],
    ['Sensitive[String]', false, true],
    ['Optional[Sensitive[String]]', true, true],
    ['Sensitive[Optional[String]]', true, true],
    ['Any', true, false],
  ])('%s may be left out: %s, is a secret: %s', (text, isOptional, isSensitive) => {
    expect(unwrap(compileType(text))).toMatchObject({ isOptional, isSensitive });
  });

  it.each([
    ['Stdlib::Absolutepath', 'The type Stdlib::Absolutepath is not known to Muster'],
    ['Array[Timestamp]', 'The type Timestamp is not known to Muster'],
    ['toString', 'The type toString cannot be read'],
    ['String[', 'The type String[ cannot be read'],
    ['String]', 'The type String] cannot be read'],
    ['String String', 'The type String String cannot be read'],
    ['', 'The type  cannot be read'],
    ['Integer[x]', 'The type Integer cannot have such parameters'],
    ['Struct[String]', 'The type Struct cannot have such parameters'],
    [`${'Array['.repeat(40)}${']'.repeat(40)}`, 'cannot be read'],
  ])('%s is refused', (text, message) => {
    expect(compileType(text)).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining(message) as string },
    });
  });

  it('with a pattern that RE2 does not have is refused', () => {
    expect(compileType('Pattern[/(?=x)/]')).toMatchObject({ ok: false, error: { code: 'filter.regex' } });
  });
});
