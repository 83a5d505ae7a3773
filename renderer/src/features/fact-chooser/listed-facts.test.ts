import { describe, expect, it } from 'vitest';
import { moved, otherFacts } from './listed-facts.ts';

describe('otherFacts', () => {
  const paths = ['kernel.name', 'os.name', 'os.release.full'].map((value) => ({ value, nodes: 3 }));
  it('leaves out what is chosen and what lacks a word', () => {
    expect(otherFacts(paths, ['os.name'], '', 9).map(({ value }) => value)).toEqual(['kernel.name', 'os.release.full']);
    expect(otherFacts(paths, [], 'name OS', 9).map(({ value }) => value)).toEqual(['os.name']);
    expect(otherFacts(paths, [], '', 1)).toHaveLength(1);
  });
});

describe('moved', () => {
  it('puts a name elsewhere', () => {
    expect(moved(['a', 'b', 'c'], 0, 3)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
    expect(moved(['a', 'b', 'c'], 1, 2)).toEqual(['a', 'b', 'c']);
    expect(moved(['a', 'b'], 5, 0)).toEqual(['a', 'b']);
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
  });
});
