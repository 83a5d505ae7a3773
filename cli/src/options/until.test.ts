import { describe, expect, it } from 'vitest';
import { readUntil } from './until.ts';

/** A Friday at half past four in the afternoon, by the clock of the machine that runs the test. */
const nowMs = new Date(2026, 10, 27, 16, 30).getTime();
const local = (...date: [number, number, number, number?, number?]) => new Date(...date).getTime();

describe('--until', () => {
  it.each([
    ['18:00', local(2026, 10, 27, 18, 0)],
    ['9:05', local(2026, 10, 28, 9, 5)],
    ['16:30', local(2026, 10, 28, 16, 30)],
    ['90m', nowMs + 90 * 60_000],
    ['2d', nowMs + 2 * 86_400_000],
    ['1h30m', nowMs + 90 * 60_000],
    ['2026-12-01', local(2026, 11, 2)],
    ['2026-12-01T08:00', local(2026, 11, 1, 8, 0)],
    ['2026-12-01 08:00', local(2026, 11, 1, 8, 0)],
    ['2026-12-01T08:00Z', Date.UTC(2026, 11, 1, 8, 0)],
    ['2026-12-01T08:00:30+02:00', Date.UTC(2026, 11, 1, 6, 0, 30)],
  ])('%s', (text, untilMs) => expect(readUntil(text, nowMs)).toEqual({ ok: true, value: untilMs }));

  it.each([
    ['', 'is no time'],
    ['24:00', 'is no time'],
    ['tomorrow', 'is no time'],
    ['2', 'is no time'],
    ['2026-13-01', 'is no time'],
    ['2026-12-01T25:00', 'is no time'],
    ['0m', 'is over'],
    ['2026-11-01', 'is over'],
    ['31d', 'is too far ahead'],
    ['2027-01-01', 'is too far ahead'],
  ])('refuses "%s": %s', (text, reason) => {
    const read = readUntil(text, nowMs);
    expect(read).toMatchObject({ ok: false, error: { code: 'usage.invalid', mend: expect.any(String) as unknown } });
    expect(read.ok ? '' : read.error.message).toContain(reason);
  });
});
