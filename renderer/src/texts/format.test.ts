import { afterEach, describe, expect, it, vi } from 'vitest';
import { formatAge, formatDuration, formatSkew, formatValue } from './format.ts';

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

describe('formatSkew', () => {
  it.each([
    [0.4, '0 ms'],
    [-18, '−18 ms'],
    [2340, '+2.3 s'],
    [-840_000, '−14 min'],
    [10_800_000, '+3 h'],
  ])('%d ms is "%s"', (ms, text) => expect(formatSkew(ms)).toBe(text));
});

it('formatValue writes texts bare and everything else as JSON', () =>
  expect([formatValue('a'), formatValue([1]), formatValue(null), formatValue(undefined), formatValue(false)]).toEqual([
    'a',
    '[1]',
    '',
    '',
    'false',
  ]));

describe('in a page in German', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  /** The module as such a page loads it. */
  async function german() {
    vi.resetModules();
    vi.stubGlobal('document', { documentElement: { lang: 'de' } });
    return import('./format.ts');
  }

  it('numbers, sizes and durations have a comma', async () => {
    const { formatBytes, formatDuration, formatNumber, formatSkew } = await german();
    expect([formatNumber(12_345.5), formatBytes(3400), formatDuration(1520), formatSkew(-2340)]).toEqual([
      '12.345,5',
      '3,4 kB',
      '1,52 s',
      '−2,3 s',
    ]);
  });

  it('days are written out, and ages are before now', async () => {
    const { formatAge, formatPeriod } = await german();
    const days = (count: number) => count * 86_400_000;
    expect([formatPeriod(days(1)), formatPeriod(days(30)), formatPeriod(5_400_000)]).toEqual([
      '1 Tag',
      '30 Tage',
      '1 h 30 min',
    ]);
    expect([0, 42_000, 7_200_000, days(1), days(2)].map((age) => formatAge(0, age))).toEqual([
      'jetzt',
      'vor 42 s',
      'vor 2 h',
      'vor 1 Tag',
      'vor 2 Tagen',
    ]);
  });

  it('dates are in the order of the language', async () => {
    const { formatDay, formatDeadline, formatMoment, formatWhen } = await german();
    const [now, friday] = [new Date(2026, 10, 26, 18, 5, 9).getTime(), new Date(2026, 10, 27, 18, 0).getTime()];
    expect([formatDay(now), formatMoment(now), formatWhen(now, now)]).toEqual([
      '26.11.2026',
      '26.11.2026, 18:05:09',
      '18:05:09',
    ]);
    expect(formatDeadline(friday, now)).toBe('Fr., 27. Nov., 18:00');
  });
});
