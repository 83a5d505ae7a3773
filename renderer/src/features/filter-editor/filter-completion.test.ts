import { describe, expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { filterSuggestions } from './filter-completion.ts';
import { printFactPath, printTextValue, withFact } from './filter-pieces.ts';
import { filterTokens } from './filter-tokens.ts';
import { FilterVocabulary } from './filter-vocabulary.svelte.ts';

const { bridge } = createWindowRig(40);
const vocabulary = new FilterVocabulary(bridge);
const proposed = async (before: string) => {
  const found = await filterSuggestions(before, vocabulary);
  return found === null ? null : { from: found.from, labels: found.suggestions.map(({ label }) => label) };
};

describe('filterSuggestions', () => {
  it('proposes facts, classes and special names at the beginning of a condition', async () => {
    const found = await proposed('role=web and os');
    expect(found?.from).toBe(13);
    expect(found?.labels).toEqual(expect.arrayContaining(['os.name', 'nginx', '@identity', 'not']));
  });
  it('proposes the values of a fact behind its operator', async () => {
    expect((await proposed('os.name=De'))?.labels).toContain('Debian');
    expect((await proposed('os.name != '))?.labels).toContain('SLES');
  });
  it('proposes classes behind @class=', async () => expect((await proposed('@class=ng'))?.labels).toContain('nginx'));
  it('proposes connectives behind a condition', async () => {
    expect((await proposed('role=web '))?.labels).toEqual(['and', 'or']);
  });
  it('stays silent inside quotes that are no value', async () => expect(await proposed('foo("')).toBeNull());
});

describe('pieces', () => {
  it('writes paths and values so that they read back', () => {
    expect(printFactPath('puppet\\.version')).toBe('"puppet.version"');
    expect(printTextValue('16 GiB')).toBe('"16 GiB"');
    expect(printTextValue('12.5')).toBe('12.5');
  });
  it('adds a condition beside an alternative', () => {
    expect(withFact('role=web or role=db', 'os.name', 'Debian')).toBe('(role=web or role=db) and os.name=Debian');
    expect(withFact('(((', 'role', 'db')).toBe('role=db');
  });
});

it('filterTokens tells the pieces of any text apart', () => {
  expect(filterTokens('not (os.name =~ /x y/i or @agent="a b').map(({ kind }) => kind)).toEqual([
    'keyword',
    'bracket',
    'name',
    'operator',
    'regex',
    'keyword',
    'special',
    'operator',
    'string',
  ]);
});
