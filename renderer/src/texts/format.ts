import { formatWords as german } from './de/format-words.ts';
import { formatWords as english } from './en/format-words.ts';
import { language, languages } from './language.ts';

/* How numbers, times and durations are written in the language of the page. */

const { locale } = languages[language()];
const words = { en: english, de: german }[language()];

const numbers = new Intl.NumberFormat(locale);
const decimals = (digits: number) =>
  new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
const oneDecimal = decimals(1);
const twoDecimals = decimals(2);
const dateTimes = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
const dayTime = dateTimes({ dateStyle: 'medium', timeStyle: 'medium' });
const dayOnly = dateTimes({ dateStyle: 'medium' });
const timeOnly = dateTimes({ timeStyle: 'medium' });
const dayAndTime = dateTimes({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const hourOnly = dateTimes({ hour: '2-digit', minute: '2-digit' });
const weekdayAndTime = dateTimes({
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

export const formatNumber = (value: number): string => numbers.format(value);
export const formatMoment = (timeMs: number): string => dayTime.format(timeMs);
export const formatDay = (timeMs: number): string => dayOnly.format(timeMs);

/** The time of day for today, the day and the time for anything else. */
export function formatWhen(timeMs: number, nowMs: number): string {
  const isToday = new Date(timeMs).toDateString() === new Date(nowMs).toDateString();
  return isToday ? timeOnly.format(timeMs) : dayAndTime.format(timeMs);
}

/** A duration in the unit that suits it: `18 ms`, `1.52 s`, `2 min 05 s`, `3 h 12 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms < 10_000 ? twoDecimals : oneDecimal).format(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  return minutes < 60
    ? `${minutes} min ${two(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** A length of time that somebody has set, no more exact than it has to be: `60 s`, `5 min`, `2 h 30 min`, `3 d`. */
export function formatPeriod(ms: number): string {
  if (ms <= 90_000) return ms % 1000 === 0 ? `${ms / 1000} s` : formatDuration(ms);
  const minutes = Math.round(ms / 60_000);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  const parts =
    days > 0 ? [words.days(days), hours > 0 && `${hours} h`] : [hours > 0 && `${hours} h`, rest > 0 && `${rest} min`];
  return parts.filter((part) => part !== false).join(' ');
}

/** A time ahead, with its day unless that is today: `18:00`, `Fri 27 Nov, 18:00`. */
export function formatDeadline(timeMs: number, nowMs: number): string {
  const isToday = new Date(timeMs).toDateString() === new Date(nowMs).toDateString();
  return (isToday ? hourOnly : weekdayAndTime).format(timeMs);
}

/** A time that goes on, in whole seconds: `7 s`, `2 min 05 s`. */
export const formatElapsed = (ms: number): string =>
  ms < 60_000 ? `${Math.floor(Math.max(0, ms) / 1000)} s` : formatDuration(Math.floor(ms / 1000) * 1000);

/** How long ago something was, in one unit. */
export function formatAge(timeMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - timeMs) / 1000));
  if (seconds < 5) return words.now;
  if (seconds < 60) return words.ago(`${seconds} s`);
  if (seconds < 3600) return words.ago(`${Math.floor(seconds / 60)} min`);
  if (seconds < 86_400) return words.ago(`${Math.floor(seconds / 3600)} h`);
  return words.daysAgo(Math.floor(seconds / 86_400));
}

/** A difference of clocks, in the unit that suits it, with its direction: `+18 ms`, `−2.3 s`, `+14 min`. */
export function formatSkew(ms: number): string {
  const size = Math.abs(ms);
  if (size < 1) return '0 ms';
  const sign = ms < 0 ? '−' : '+';
  if (size < 1000) return `${sign}${Math.round(size)} ms`;
  if (size < 120_000) return `${sign}${oneDecimal.format(size / 1000)} s`;
  return size < 7_200_000
    ? `${sign}${Math.round(size / 60_000)} min`
    : `${sign}${numbers.format(Math.round(size / 3_600_000))} h`;
}

/** A JSON value on one line, as a cell of a grid shows it. */
export function formatValue(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A size in the unit that suits it: `812 B`, `3.4 kB`, `17.1 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${oneDecimal.format(bytes / 1000)} kB`;
  return `${oneDecimal.format(bytes / 1_000_000)} MB`;
}
