import { parse, type AST } from 'svelte/compiler';
import { expect, it } from 'vitest';

const sources = import.meta.glob<string>('../**/*.svelte', { query: '?raw', import: 'default', eager: true });

/** Attributes, and properties of our components, whose value somebody reads or hears. */
const readAttributes =
  /^(?:title|alt|label|placeholder|about|hint|doneLabel|searchLabel|clearLabel|aria-(?:label|description|roledescription|placeholder|valuetext))$/;
const hasWord = /\p{L}{2}/u;
/** The sign for upper and lower case, which is the same everywhere. */
const signs = ['Aa'];

const isNode = (value: unknown): value is { readonly type: string } =>
  typeof value === 'object' && value !== null && 'type' in value;

/** What a node of the tree says by itself: as text, or as a quoted attribute. */
function saidBy(node: AST.SvelteNode): string[] {
  if (node.type === 'Text') return [node.data.trim()];
  if (node.type !== 'Attribute' || !readAttributes.test(node.name) || !Array.isArray(node.value)) return [];
  return node.value.flatMap((part) => (part.type === 'Text' ? [part.data.trim()] : []));
}

/** All texts of a tree; of attributes only those that are read. */
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (!isNode(value)) return [];
  // Whatever has a type is a node of Svelte's tree, or of the scripts in it, which have no `Text` and no `Attribute`.
  const node = value as AST.SvelteNode;
  if (node.type === 'Attribute')
    return [...saidBy(node), ...textsIn(Object.values(node).filter((part) => !Array.isArray(part)))];
  return [...saidBy(node), ...Object.values(node).flatMap(textsIn)];
}

const wordsOf = (source: string): string[] =>
  textsIn(parse(source, { modern: true }).fragment).filter((text) => hasWord.test(text) && !signs.includes(text));

it('components have no words of their own, which no other language could change', () => {
  expect(Object.keys(sources).length).toBeGreaterThan(100);
  expect(
    Object.entries(sources).flatMap(([file, source]) => wordsOf(source).map((text) => `${file}: ${text}`)),
  ).toEqual([]);
});

it('the rule finds words in texts and attributes, wherever they stand', () => {
  expect(wordsOf('<p class="some name">Node</p>')).toEqual(['Node']);
  expect(wordsOf('{#if ok}<b title="Open it">{name} is late</b>{:else}<Field label="Name" />{/if}')).toEqual([
    'Open it',
    'is late',
    'Name',
  ]);
  expect(wordsOf('{#snippet cell(row)}<i aria-label={texts.node}>{row} · {`${row}`}</i>{/snippet}')).toEqual([]);
});
