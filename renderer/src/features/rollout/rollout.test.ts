import { describe, expect, it } from 'vitest';
import { plainRollout, rolloutDraftOf, rolloutDraftSchema, type RolloutDraft } from './rollout-draft.ts';
import { readRollout } from './rollout-plan.ts';
import { rolloutInWords } from './rollout-words.ts';

const nowMs = new Date('2026-11-26T09:30:00').getTime();
const hourMs = 3_600_000;
const drafted = (parts: Partial<RolloutDraft>) => readRollout({ ...plainRollout, ...parts }, nowMs);
const inWords = (parts: Partial<RolloutDraft>, total: number | null = 240) => {
  const { plan } = drafted(parts);
  return plan === null ? null : rolloutInWords({ ...plan, ttlMs: 60_000 }, total, nowMs);
};

describe('readRollout', () => {
  it('orders nothing where nothing was chosen', () => expect(drafted({})).toEqual({ plan: {}, faults: {} }));

  it('orders what was chosen, and only that', () => {
    expect(
      drafted({ hasCanary: true, canarySize: '2', pace: 'batches', batchSize: '10', mayFail: '5 %' }).plan,
    ).toEqual({
      batch: { size: { unit: 'nodes', amount: 10 }, sleepMs: 10_000 },
      rollout: {
        canary: { size: { unit: 'nodes', amount: 2 }, hold: true },
        maxErrors: { unit: 'percent', amount: 5 },
      },
    });
    expect(drafted({ pace: 'window', windowSize: '25', isLocked: true, delivery: '1 min' }).plan).toEqual({
      rollout: { concurrency: { unit: 'nodes', amount: 25 }, lock: true },
      deliveryMs: 60_000,
    });
  });

  it('counts a wait from now, and takes a moment as it is', () => {
    expect(drafted({ away: 'while', awayFor: '2 h' }).plan?.untilMs).toBe(nowMs + 2 * hourMs);
    expect(drafted({ away: 'until', awayUntil: '2026-11-27T18:00' }).plan?.untilMs).toBe(
      new Date('2026-11-27T18:00').getTime(),
    );
  });

  it.each([
    [{ hasCanary: true, canarySize: '0' }, 'canarySize'],
    [{ pace: 'batches', batchSize: 'some' }, 'batchSize'],
    [{ pace: 'batches', batchSleep: '2 d' }, 'batchSleep'],
    [{ pace: 'window', windowSize: '' }, 'windowSize'],
    [{ mayFail: 'few' }, 'mayFail'],
    [{ away: 'while', awayFor: '31 d' }, 'awayFor'],
    [{ away: 'until', awayUntil: '' }, 'awayUntil'],
    [{ away: 'until', awayUntil: '2026-11-26T09:00' }, 'awayUntil'],
    [{ away: 'until', awayUntil: '2027-01-26T09:00' }, 'awayUntil'],
    [{ delivery: '0' }, 'delivery'],
  ] satisfies [Partial<RolloutDraft>, string][])('says what is wrong with %j', (parts, field) => {
    const { plan, faults } = drafted(parts);
    expect(plan).toBeNull();
    expect(Object.keys(faults)).toEqual([field]);
  });

  it('minds only fields that count', () =>
    expect(drafted({ canarySize: 'x', batchSize: 'x', windowSize: 'x', awayFor: 'x' }).faults).toEqual({}));
});

describe('rolloutInWords', () => {
  it.each([
    [{}, 'All nodes at once; nodes that are away get it for 60 s.'],
    [
      { hasCanary: true, canarySize: '2', pace: 'batches', batchSize: '10', batchSleep: '0', mayFail: '3' },
      '2 canaries first, then your word, then 10 at a time, stops when more than 3 fail; nodes that are away get it for 60 s.',
    ],
    [
      { hasCanary: true, canarySize: '1', holds: false, mayFail: '0', isLocked: true },
      '1 canary first, then all others at once, stops at the first failure, one such run at a time; nodes that are away get it for 60 s.',
    ],
    [
      { hasCanary: true, canarySize: '5 %', pace: 'window', windowSize: '10 %', mayFail: '1 %' },
      '5 % (12 nodes) first as canaries, then your word, then at most 10 % (24) at work at once, stops when more than 1 % (2) fail; nodes that are away get it for 60 s.',
    ],
    [
      { pace: 'batches', batchSize: '10 %', batchSleep: '5 min', away: 'until', awayUntil: '2026-11-27T18:00' },
      '10 % (24) at a time with 5 min between; nodes that are away get it until Fri 27 Nov, 18:00.',
    ],
    [{ away: 'while', awayFor: '2 h' }, 'All nodes at once; nodes that are away get it until 11:30.'],
  ] satisfies [Partial<RolloutDraft>, string][])('%j', (parts, sentence) => expect(inWords(parts)).toBe(sentence));

  it('counts no share of nobody knows how many', () =>
    expect(inWords({ pace: 'batches', batchSize: '10 %', batchSleep: '0' }, null)).toBe(
      '10 % at a time; nodes that are away get it for 60 s.',
    ));
});

describe('rolloutDraftOf', () => {
  it('takes over what a run was ordered with', () => {
    const draft = {
      ...plainRollout,
      hasCanary: true,
      canarySize: '5 %',
      pace: 'batches',
      mayFail: '2',
      isLocked: true,
    } as const;
    const { plan } = readRollout(draft, nowMs);
    expect(rolloutDraftOf(plan ?? {})).toEqual(draft);
    expect(rolloutDraftSchema.parse(rolloutDraftOf({}))).toEqual(plainRollout);
  });
});
