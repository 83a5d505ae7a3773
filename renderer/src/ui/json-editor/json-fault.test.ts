import { expect, it } from 'vitest';
import { findJsonFault } from './json-fault.ts';

it.each([
  ['[1, 2', 6 - 1, null],
  ['{"a": tru}', 6, 't'],
  ['{"a": 1 "b": 2}', 8, '"'],
  ['[1, ]', 4, ']'],
  ["{'a': 1}", 1, "'"],
  ['{} x', 3, 'x'],
])('finds the very character in %s', (text, position, found) => {
  expect(findJsonFault(text)).toEqual({ position, found });
});

it('finds nothing in what is right or empty', () => {
  expect(findJsonFault('{"a": [1, null, "x"]}')).toBeNull();
  expect(findJsonFault('  ')).toBeNull();
});
