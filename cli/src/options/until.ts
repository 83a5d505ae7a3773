import { fail, ok, type Result } from '@muster/protocol/errors';

/** The furthest ahead that nodes may be waited for, in milliseconds. */
const mostAheadMs = 30 * 86_400_000;

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

const periodPattern = /^(?:\d{1,6}[smhdw])+$/;
const partPattern = /(\d+)([smhdw])/g;
const timeOfDayPattern = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;
const datePattern = /^(\d{4})-(\d\d)-(\d\d)$/;
const momentPattern = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?$/;

const malformed = (text: string) =>
  fail('usage.invalid', `--until ${text} is no time`, {
    mend: 'Write a time of day (18:00), how long from now (90m, 2d, 1h30m), or a date with a time (2026-12-24T18:00, 2026-12-24T18:00Z).',
  });

/** The next time that the clock of the machine shows this; null when the text is no time of day. */
function nextTimeOfDay(text: string, nowMs: number): number | null {
  const [, hours, minutes, seconds = '0'] = timeOfDayPattern.exec(text) ?? [];
  if (hours === undefined) return null;
  const time = new Date(nowMs);
  time.setHours(Number(hours), Number(minutes), Number(seconds), 0);
  // By the calendar, for a day may have 23 hours or 25.
  if (time.getTime() <= nowMs) time.setDate(time.getDate() + 1);
  return time.getTime();
}

/** How long a text such as `90m`, `2d` or `1h30m` is, in milliseconds; null when it is none. */
export function readPeriod(text: string): number | null {
  if (!periodPattern.test(text)) return null;
  return [...text.matchAll(partPattern)].reduce((sum, [, n, unit = '']) => sum + Number(n) * (unitMs[unit] ?? NaN), 0);
}

/** The end of a date, or a moment, by the time zone of the machine where the text names none; null when it is neither. */
function momentOf(text: string): number | null {
  const [, year, month, day] = datePattern.exec(text) ?? [];
  if (year !== undefined) {
    const next = new Date(Number(year), Number(month) - 1, Number(day) + 1);
    return Number.isNaN(new Date(text).getTime()) ? null : next.getTime();
  }
  if (!momentPattern.test(text)) return null;
  const time = new Date(text.replace(' ', 'T')).getTime();
  return Number.isNaN(time) ? null : time;
}

/**
 * When a text such as `18:00`, `2d`, `90m` or `2026-12-24T18:00` is, in milliseconds since the epoch.
 *
 * Errors: `usage.invalid` for what is no time, is over, or is more than 30 days ahead.
 */
export function readUntil(text: string, nowMs: number): Result<number> {
  const period = readPeriod(text);
  const untilMs = period === null ? (nextTimeOfDay(text, nowMs) ?? momentOf(text)) : nowMs + period;
  if (untilMs === null) return malformed(text);
  if (untilMs <= nowMs) return fail('usage.invalid', `--until ${text} is over`, { mend: 'Give a time to come.' });
  if (untilMs <= nowMs + mostAheadMs) return ok(untilMs);
  return fail('usage.invalid', `--until ${text} is too far ahead`, { mend: 'A run may wait for 30 days at most.' });
}
