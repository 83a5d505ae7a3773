import { describe, expect, it } from 'vitest';
import { formatAge, formatDuration, formatValue } from './format.ts';

describe('formatDuration', () => {
  it.each([
    [17.6, '18 ms'],
    [1520, '1.52 s'],
    [12_340, '12.3 s'],
    [125_000, '2 min 05 s'],
    [11_520_000, '3 h 12 min'],
  ])('%d ms is "%s"', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe('formatAge', () => {
  it.each([
    [1, 'now'],
    [42, '42 s ago'],
    [3599, '59 min ago'],
    [7200, '2 h ago'],
    [200_000, '2 d ago'],
    [-30, 'now'],
  ])('%d seconds', (seconds, text) => expect(formatAge(0, seconds * 1000)).toBe(text));
});

it('formatValue writes texts bare and everything else as JSON', () =>
  expect([formatValue('a'), formatValue([1]), formatValue(null), formatValue(undefined), formatValue(false)]).toEqual([
    'a',
    '[1]',
    '',
    '',
    'false',
  ]));
