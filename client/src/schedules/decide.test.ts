import type { ScheduleDraft } from '@muster/protocol/bridge';
import { describe, expect, it } from 'vitest';
import type { StoredSchedule } from '../storage/index.ts';
import { decide } from './decide.ts';
import { readTiming, timesAfter } from './timing.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const at = (text: string): number => new Date(text).getTime();
const hourly = { kind: 'cron', cron: '0 * * * *', timeZone: 'UTC' } as const;
const nineUtc = at('2026-11-26T09:00:00Z');

const schedule = (parts: Partial<StoredSchedule> = {}): StoredSchedule => ({
  scheduleId: 'a'.repeat(32),
  name: 'Hourly',
  person: 'alice',
  timing: hourly,
  expiresAtMs: null,
  missed: { kind: 'skip' },
  overlap: 'skip',
  order: { agent: 'rpcutil', action: 'ping', inputs: {}, target: { kind: 'filter', filter: '' } },
  createdAtMs: 0,
  isPaused: false,
  nextAtMs: nineUtc,
  last: null,
  ...parts,
});

const said = (parts: Partial<StoredSchedule>, nowMs: number, isBusy = false) => {
  const decision = decide(schedule(parts), nowMs, isBusy);
  if (decision === null) return null;
  const { nextAtMs, occurrences, starts } = decision;
  return {
    next: nextAtMs === null ? null : new Date(nextAtMs).toISOString().slice(11, 16),
    did: occurrences.map(({ outcome, times }) => `${outcome} ${times}`),
    starts,
  };
};

describe('what becomes of a time', () => {
  it('is nothing before it comes, and while the schedule is paused or over', () => {
    expect(said({}, nineUtc - 1)).toBeNull();
    expect(said({ isPaused: true }, nineUtc)).toBeNull();
    expect(said({ nextAtMs: null }, nineUtc)).toBeNull();
  });

  it('is a run, within a minute', () => {
    expect(said({}, nineUtc)).toEqual({ next: '10:00', did: ['starting 1'], starts: true });
    expect(said({}, nineUtc + minuteMs)).toMatchObject({ starts: true });
  });

  it('is to be missed when nobody was there', () => {
    expect(said({}, nineUtc + minuteMs + 1)).toEqual({ next: '10:00', did: ['missed 1'], starts: false });
    expect(said({}, nineUtc + 3.5 * hourMs)).toEqual({ next: '13:00', did: ['missed 4'], starts: false });
  });

  it('is one late run, where that is wanted and the last time is not too long ago', () => {
    const missed = { kind: 'late', withinMs: 45 * minuteMs } as const;
    expect(said({ missed }, nineUtc + 3.5 * hourMs)).toEqual({
      ...{ next: '13:00', did: ['missed 3', 'starting 1'], starts: true },
    });
    expect(said({ missed }, nineUtc + 3.9 * hourMs)).toEqual({ next: '13:00', did: ['missed 4'], starts: false });
  });

  it('is skipped while the run before goes on, unless runs may overlap', () => {
    expect(said({}, nineUtc, true)).toEqual({ next: '10:00', did: ['overlapped 1'], starts: false });
    expect(said({ overlap: 'start' }, nineUtc, true)).toMatchObject({ did: ['starting 1'], starts: true });
  });

  it('is the last one when the schedule ends, and never one after its end', () => {
    const expiresAtMs = nineUtc + 1.5 * hourMs;
    expect(said({ expiresAtMs }, nineUtc)?.next).toBe('10:00');
    expect(said({ expiresAtMs, nextAtMs: nineUtc + hourMs }, nineUtc + hourMs)?.next).toBeNull();
    const missed = { kind: 'late', withinMs: 5 * hourMs } as const;
    expect(said({ expiresAtMs, missed }, nineUtc + 4 * hourMs)).toEqual({
      next: null,
      did: ['missed 2'],
      starts: false,
    });
  });

  it('is single where it is a moment', () => {
    const timing = { kind: 'once', atMs: nineUtc } as const;
    expect(said({ timing }, nineUtc + 5)).toEqual({ next: null, did: ['starting 1'], starts: true });
    expect(said({ timing }, nineUtc + hourMs)).toEqual({ next: null, did: ['missed 1'], starts: false });
  });

  it('is found soon after years in a drawer', () => {
    const timing = { ...hourly, cron: '* * * * *' };
    const decision = decide(schedule({ timing }), nineUtc + 4 * 365 * 24 * hourMs, false);
    expect(decision?.occurrences.map(({ outcome, dueAtMs }) => [outcome, dueAtMs - nineUtc])).toEqual([
      ['missed', 4 * 365 * 24 * hourMs],
      ['starting', 4 * 365 * 24 * hourMs],
    ]);
  });
});

describe('the times of a schedule', () => {
  const nightly = (timeZone: string): Pick<ScheduleDraft, 'timing' | 'expiresAtMs'> => ({
    timing: { kind: 'cron', cron: '30 2 * * *', timeZone },
    expiresAtMs: null,
  });
  const iso = (times: readonly number[]) => times.map((ms) => new Date(ms).toISOString());

  it('follow the clock of their zone through the change to winter', () => {
    expect(iso(timesAfter(nightly('Europe/Berlin'), at('2026-10-24T12:00:00Z'), 2))).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
    expect(iso(timesAfter(nightly('UTC'), at('2026-10-24T12:00:00Z'), 1))).toEqual(['2026-10-25T02:30:00.000Z']);
  });

  it('are refused where there are none', () => {
    const cron = (text: string, timeZone = 'UTC') =>
      readTiming({ timing: { kind: 'cron', cron: text, timeZone }, expiresAtMs: null }, nineUtc);
    for (const text of ['', 'often', '* * * *', '0 0 0 * * *', '61 * * * *', '0 0 31 2 *'])
      expect(cron(text), text).toMatchObject({ ok: false, error: { code: 'schedule.invalid' } });
    expect(cron('0 9 * * *', 'Mars/Olympus')).toMatchObject({ ok: false, error: { code: 'schedule.invalid' } });
    expect(cron('0 9 * * MON-FRI').ok).toBe(true);
    const once = { timing: { kind: 'once', atMs: nineUtc }, expiresAtMs: null } as const;
    expect(readTiming(once, nineUtc)).toMatchObject({ error: { code: 'schedule.invalid' } });
    expect(readTiming({ timing: hourly, expiresAtMs: nineUtc + 1 }, nineUtc).ok).toBe(false);
  });
});
