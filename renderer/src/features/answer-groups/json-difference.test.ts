import { describe, expect, it } from 'vitest';
import { differences, markDifference } from './json-difference.ts';

const told = (usual: unknown, here: unknown) =>
  differences(usual, here).map(({ path, usual: was, here: is }) => [path.join('.'), was, is]);

describe('differences', () => {
  it('are none in what is the same, whatever the order of members', () => {
    expect(told({ a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 })).toEqual([]);
  });

  it('name the very field, and say when one side has nothing there', () => {
    expect(told({ a: 1, b: { c: 'x', d: null } }, { a: 2, b: { d: null }, e: [] })).toEqual([
      ['a', 1, 2],
      ['b.c', 'x', undefined],
      ['e', undefined, []],
    ]);
    expect(told({ a: '1' }, { a: 1 })).toEqual([['a', '1', 1]]);
    expect(told({ a: {} }, { a: [] })).toEqual([['a', {}, []]]);
  });

  it('find elements of lists that were put in, taken out or changed', () => {
    expect(told(['a', 'b', 'c'], ['a', 'c'])).toEqual([['1', 'b', undefined]]);
    expect(told(['a', 'a'], ['a', 'a', 'a'])).toEqual([['2', undefined, 'a']]);
    expect(told([{ name: 'x', port: 1 }, 7], [7, { name: 'x', port: 2 }])).toEqual([['1.port', 1, 2]]);
    expect(told(['a', 'b'], ['b', 'a'])).toEqual([['', ['a', 'b'], ['b', 'a']]]);
  });
});

describe('markDifference', () => {
  const marked = (usual: string, here: string) => {
    const both = markDifference(usual, here);
    return [both.usual, both.here].map(({ before, differs, after }) => `${before}<${differs}>${after}`);
  };

  it('marks the part that differs', () => {
    expect(marked('1.22.1-9+deb12u1', '1.22.1-9')).toEqual(['1.22.1-9<+deb12u1>', '1.22.1-9<>']);
    expect(marked('running', 'stopped')).toEqual(['<running>', '<stopped>']);
    expect(marked('aaa', 'aaaa')).toEqual(['aaa<>', 'aaa<a>']);
    expect(markDifference('1362', '1284', { isWhole: true }).here).toEqual({ before: '', differs: '1284', after: '' });
    expect(marked('node01.eu', 'node02.eu')).toEqual(['node0<1>.eu', 'node0<2>.eu']);
  });
});
