import { describe, expect, test } from 'vitest';
import { compileGlob, expandIdentityRange } from './identity-glob.ts';

describe('patterns', () => {
  test.each([
    ['web*', 'web', true],
    ['web*', 'db', false],
    ['*', '', true],
    ['*.example.com', 'a.example.com', true],
    ['*.example.com', 'a.example.com.evil', false],
    ['a*b*c', 'aXbYbc', true],
    ['a*b*c', 'acb', false],
    ['web?', 'web1', true],
    ['web?', 'web', false],
    ['web[1-20]', 'web1', true],
    ['web[1-20]', 'web20', true],
    ['web[1-20]', 'web21', false],
    ['web[1-20]', 'web01', false],
    ['web[01-20]', 'web01', true],
    ['web[01-20]', 'web1', false],
    ['web[001-20]', 'web020', true],
    ['web[1-3,7]', 'web7', true],
    ['web[1-3,7]', 'web5', false],
    ['[a-c]1', 'b1', true],
    ['[!a-c]1', 'b1', false],
    ['[^a-c]1', 'd1', true],
    ['[13]', '3', true],
    ['[13]', '2', false],
    ['web[1-2][0-9]', 'web17', true],
    ['a.c', 'abc', false],
    ['[1-100]', '', false],
  ])('%s on %s is %s', (pattern, identity, expected) => {
    const matches = compileGlob(pattern);
    expect(matches.ok && matches.value(identity)).toBe(expected);
  });

  test.each(['web[', 'web[]', 'web[!]', 'web[5-1]', 'web[c-a]', 'web[1-1234567890123456]'])(
    '%s is refused',
    (pattern) => {
      expect(compileGlob(pattern)).toMatchObject({ ok: false, error: { code: 'filter.syntax' } });
    },
  );

  test('many stars never backtrack', () => {
    const matches = compileGlob(`${'*a'.repeat(100)}b`);
    expect(matches.ok && matches.value('a'.repeat(5_000))).toBe(false);
  });
});

describe('expansion', () => {
  test('in order, with the zeros that the range has', () => {
    expect(expandIdentityRange('web[08-10].[ab]', 6)).toEqual({
      ok: true,
      value: ['web08.a', 'web08.b', 'web09.a', 'web09.b', 'web10.a', 'web10.b'],
    });
    expect(expandIdentityRange('db', 1)).toEqual({ ok: true, value: ['db'] });
    expect(expandIdentityRange('n[1-2,2,11]', 10)).toEqual({ ok: true, value: ['n1', 'n2', 'n11'] });
  });

  test.each(['web*', 'web?', 'web[!a]', 'web[1-11]', '[1-999999999999999]', '[1-9][1-9]'])(
    '%s is refused',
    (pattern) => {
      expect(expandIdentityRange(pattern, 10)).toMatchObject({ ok: false, error: { code: 'filter.value' } });
    },
  );
});
