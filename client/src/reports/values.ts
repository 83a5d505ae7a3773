import { cleanLine, cleanText } from '@muster/protocol/text';
import type { ReportKind, ReportSetting } from './report.ts';

const isTextList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((element) => typeof element === 'string');

/** A value as programs read it, in JSON: times are ISO 8601 in UTC. */
export function dataValue(kind: ReportKind, value: unknown): unknown {
  if (value === undefined) return null;
  return kind === 'time' && typeof value === 'number' ? new Date(value).toISOString() : value;
}

/** A value as a text without structure: lists of names with blanks between them, everything else that is no text as JSON. */
export function plainText(kind: ReportKind, value: unknown): string {
  const given = dataValue(kind, value);
  if (given === null) return '';
  if (typeof given === 'string') return given;
  return kind === 'names' && isTextList(given) ? given.join(' ') : JSON.stringify(given);
}

/** A duration in the unit that suits it. */
function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return seconds < 3600
    ? `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`
    : `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`;
}

/** Values as people read them. What cannot be seen, or turns text around, is written out: see {@link cleanText}. */
export interface HumanTexts {
  /** On several lines where the value has them. */
  text(kind: ReportKind, value: unknown): string;
  /** On one line. */
  line(kind: ReportKind, value: unknown): string;
  /** The name of the time zone that times are of. */
  readonly timeZone: string;
}

const numbers = new Intl.NumberFormat('en-GB');

/** How many, for people: `50,000`. */
export const countText = (count: number): string => numbers.format(count);

export function createHumanTexts({ timeZone }: Pick<ReportSetting, 'timeZone'>): HumanTexts {
  // Sweden writes dates as ISO 8601 does.
  const times = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'medium',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  function raw(kind: ReportKind, value: unknown): string {
    if (typeof value === 'number') {
      if (kind === 'time') return times.format(value);
      if (kind === 'milliseconds') return durationText(value);
    }
    if ((kind === 'names' || kind === 'json') && isTextList(value)) return value.join(', ');
    return plainText(kind, value);
  }
  return {
    text: (kind, value) => cleanText(raw(kind, value).replace(/\n+$/, '')),
    line: (kind, value) => cleanLine(raw(kind, value).replace(/\n+$/, '')),
    timeZone: times.resolvedOptions().timeZone,
  };
}
