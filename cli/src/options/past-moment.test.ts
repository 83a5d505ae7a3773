import { describe, expect, it } from 'vitest';
import { pastMoment } from './past-moment.ts';

describe('pastMoment', () => {
  const nowMs = new Date(2026, 10, 26, 12, 0).getTime();
  it.each([
    ['90m', nowMs - 5_400_000],
    ['11:30', new Date(2026, 10, 26, 11, 30).getTime()],
    ['18:00', new Date(2026, 10, 25, 18, 0).getTime()],
    ['2026-11-20', new Date(2026, 10, 20).getTime()],
    ['2026-11-20T18:00Z', Date.UTC(2026, 10, 20, 18)],
  ])('reads %s', (text, ms) => expect(pastMoment(text, nowMs)).toBe(ms));
  it.each(['2026-02-30', '', '7', '2026-13-01'])('refuses "%s"', (text) =>
    expect(() => pastMoment(text, nowMs)).toThrow('how long ago'),
  );
});
