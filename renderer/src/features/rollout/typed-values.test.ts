import { describe, expect, it } from 'vitest';
import { readAmount, readDuration, readTolerance, sizeText } from './typed-values.ts';

describe('readDuration', () => {
  it.each([
    ['90', 90_000],
    ['90 s', 90_000],
    ['5min', 300_000],
    ['5 m', 300_000],
    ['1.5 h', 5_400_000],
    [' 2 D ', 172_800_000],
    ['0', 0],
  ])('"%s" is %d ms', (text, ms) => expect(readDuration(text)).toBe(ms));
  it.each(['', 's', '-1', '1 week', '5 min 3 s', '1e3', '9'.repeat(30)])('"%s" is none', (text) =>
    expect(readDuration(text)).toBeUndefined(),
  );
});

describe('readAmount', () => {
  it.each([
    ['10', { unit: 'nodes', amount: 10 }],
    ['5 %', { unit: 'percent', amount: 5 }],
    ['100%', { unit: 'percent', amount: 100 }],
  ])('"%s"', (text, amount) => expect(readAmount(text)).toEqual(amount));
  it.each(['', '0', '0 %', '101 %', '1000001', '1.5', 'ten', '%'])('"%s" is none', (text) =>
    expect(readAmount(text)).toBeUndefined(),
  );
});

it('readTolerance allows for none', () => {
  expect(readTolerance('0')).toEqual({ unit: 'nodes', amount: 0 });
  expect(readTolerance('0 %')).toEqual({ unit: 'percent', amount: 0 });
  expect(readTolerance('-1')).toBeUndefined();
});

it.each(['10', '5 %'])('sizeText writes "%s" as it is read', (text) => {
  const size = readAmount(text);
  expect(size === undefined ? undefined : sizeText(size)).toBe(text);
});
