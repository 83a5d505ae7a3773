import { expect, it } from 'vitest';

const sources = import.meta.glob<string>('../**/*.{svelte,css}', { query: '?raw', import: 'default', eager: true });

/** The styles of a file: what scripts measure is of the screen. */
const stylesOf = (file: string, source: string): string =>
  file.endsWith('.css')
    ? source
    : [...source.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, style]) => style).join('\n');

/** Sides of the screen where those of the text are meant: a language that is written from right to left turns round only the latter. */
const physical =
  /^\s*(?:left|right|(?:margin|padding|border|inset)-(?:left|right)[\w-]*|(?:text-align|float|clear):\s*(?:left|right))\s*(?::|;)/gm;

it('styles name the sides of the text, not those of the screen', () => {
  expect(Object.keys(sources).length).toBeGreaterThan(100);
  const found = Object.entries(sources).flatMap(([file, source]) =>
    [...stylesOf(file, source).matchAll(physical)].map(([text]) => `${file}: ${text.trim()}`),
  );
  expect(found).toEqual([]);
});

it('the rule finds what it is for', () => {
  for (const bad of ['  left: 4px;', '  margin-left: 1px;', '  border-right-color: red;', '  text-align: left;']) {
    expect(bad.match(physical), bad).not.toBeNull();
  }
  for (const good of ['  inset-inline-start: 0;', '  margin-inline: auto;', '  text-align: start;']) {
    expect(good.match(physical), good).toBeNull();
  }
});
