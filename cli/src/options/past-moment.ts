import { InvalidArgumentError } from 'commander';
import { readPeriod } from './until.ts';

const timeOfDayPattern = /^([01]?\d|2[0-3]):([0-5]\d)$/;
const datePattern = /^(\d{4})-(\d\d)-(\d\d)$/;
const momentPattern = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?$/;

/** The last time that the clock of the machine showed this; null when the text is no time of day. */
function lastTimeOfDay(text: string, nowMs: number): number | null {
  const [, hours, minutes] = timeOfDayPattern.exec(text) ?? [];
  if (hours === undefined) return null;
  const time = new Date(nowMs);
  time.setHours(Number(hours), Number(minutes), 0, 0);
  if (time.getTime() > nowMs) time.setDate(time.getDate() - 1);
  return time.getTime();
}

/** The beginning of a date, or a moment, by the time zone of the machine where the text names none; null when it is neither. */
function momentOf(text: string): number | null {
  const [, year, month, day] = datePattern.exec(text) ?? [];
  if (year === undefined && !momentPattern.test(text)) return null;
  const time =
    year === undefined ? new Date(text.replace(' ', 'T')) : new Date(Number(year), Number(month) - 1, Number(day));
  // Of a day that the month has not, or a month that the year has not, another one is made.
  const isReal = year === undefined || (time.getDate() === Number(day) && time.getMonth() === Number(month) - 1);
  return isReal && !Number.isNaN(time.getTime()) ? time.getTime() : null;
}

/** When a text such as `7d` (ago), `18:00`, `2026-11-20` or `2026-11-20T18:00` was, in milliseconds since the epoch; for flags. */
export function pastMoment(text: string, nowMs: number): number {
  const period = readPeriod(text);
  const moment = period === null ? (lastTimeOfDay(text, nowMs) ?? momentOf(text)) : nowMs - period;
  if (moment !== null) return moment;
  throw new InvalidArgumentError(
    'It must be how long ago (90m, 7d), a time of day (18:00), or a date, with or without a time (2026-11-20T18:00).',
  );
}
