import { expect, it } from 'vitest';
import { ok, unwrap } from '@muster/protocol/errors';
import { mostNames, resolveText } from './resolve-text.ts';

const resolve = async (text: string) =>
  unwrap(await resolveText(text, (names) => Promise.resolve(ok(names.filter((name) => name.startsWith('web'))))));

it.each([
  ['web1\nweb2\r\ndb1', ['web1', 'web2'], ['db1']],
  [' web1, web2;db1\tdb2 ', ['web1', 'web2'], ['db1', 'db2']],
  ['["web1", "web1", \'db1\']', ['web1'], ['db1']],
  ['web[01-03].example.com', ['web01.example.com', 'web02.example.com', 'web03.example.com'], []],
  ['web[1-2,5],db[ab]', ['web1', 'web2', 'web5'], ['dba', 'dbb']],
  ['', [], []],
])('%j', async (text, known, unknown) => {
  expect(await resolve(text)).toEqual({ known, unknown, malformed: [] });
});

it('tells what makes no sense, and reads the rest', async () => {
  const { known, malformed } = await resolve('web1 web* web[3-1] a/b web2');
  expect(known).toEqual(['web1', 'web2']);
  expect(malformed.map(({ text }) => text)).toEqual(['web*', 'web[3-1]', 'a/b']);
  expect(malformed.every(({ message }) => message.length > 0)).toBe(true);
});

it('keeps to its bound', async () => {
  const { known, malformed } = await resolve(`web[1-${mostNames}] web[1-3] other`);
  expect(known).toHaveLength(mostNames);
  expect(malformed).toHaveLength(2);
  expect((await resolve('web[1-999999999]')).malformed).toHaveLength(1);
});
