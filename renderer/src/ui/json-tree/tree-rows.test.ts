import { describe, expect, it } from 'vitest';
import { treeRows } from './tree-rows.ts';

const facts = { os: { name: 'Debian', release: { full: '12.5' } }, 'a.b': [1, null], empty: {} };
const shown = (opened: string[], search = '', most = 100) => treeRows(facts, new Set(opened), search, most);

describe('treeRows', () => {
  it('shows the first level, sorted, with sizes of branches', () => {
    expect(shown([]).map(({ key, text, kind }) => [key, text, kind])).toEqual([
      ['a.b', '2', 'array'],
      ['empty', '{}', 'hash'],
      ['os', '2', 'hash'],
    ]);
  });
  it('unfolds what was opened and escapes dots in paths', () => {
    expect(shown(['a\\.b', 'os']).map((row) => row.path)).toEqual([
      'a\\.b',
      'a\\.b.0',
      'a\\.b.1',
      'empty',
      'os',
      'os.name',
      'os.release',
    ]);
  });
  it('finds by path and by value, whatever is folded', () => {
    expect(shown([], '12.5').map((row) => row.path)).toEqual(['os', 'os.release', 'os.release.full']);
    expect(shown([], 'os.NAME').map((row) => row.path)).toEqual(['os', 'os.name']);
  });
  it('is bounded', () => expect(shown([], '', 2)).toHaveLength(2));
});
