import { expect, it } from 'vitest';
import { ShortcutReader } from './shortcuts.ts';

const key = (name: string, timeStamp = 0, more = {}) => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  timeStamp,
  ...more,
});

it('reads sequences, in time and outside of texts only', () => {
  const reader = new ShortcutReader();
  expect(reader.read(key('g'), false)).toBeNull();
  expect(reader.read(key('h', 500), false)).toMatchObject({ view: 'history' });
  expect(reader.read(key('h', 600), false)).toBeNull();
  reader.read(key('g', 1000), false);
  expect(reader.read(key('f', 5000), false)).toBeNull();
  expect(reader.read(key('/'), true)).toBeNull();
  expect(reader.read(key('/'), false)).toBe('main-input');
});

it('reads control keys everywhere', () => {
  expect(new ShortcutReader().read(key('2', 0, { ctrlKey: true }), true)).toMatchObject({ view: 'compose' });
  expect(new ShortcutReader().read(key('2', 0, { ctrlKey: true, altKey: true }), true)).toBeNull();
});
