import { describe, expect, it } from 'vitest';
import type { RunOrder } from '@muster/protocol/bridge';
import { nextStep, planOf, type Standing } from './plan.ts';

const nodes = (amount: number) => ({ unit: 'nodes', amount }) as const;
const percent = (amount: number) => ({ unit: 'percent', amount }) as const;

const beginning: Standing = {
  nowMs: 0,
  asked: 0,
  atWork: 0,
  failures: 0,
  canaries: { ok: 0, failed: 0 },
  canaryPassed: false,
  batchFrom: 0,
  sleepUntilMs: null,
  wanted: { wish: 'go', isReleased: false },
};
const step = (order: Pick<RunOrder, 'batch' | 'rollout'>, total: number, more: Partial<Standing> = {}) =>
  nextStep(planOf(order, total), { ...beginning, ...more });

it('asks all at once, and then has asked all', () => {
  expect(step({}, 5)).toMatchObject({ kind: 'ask', count: 5 });
  expect(step({}, 5, { asked: 5, atWork: 5 })).toEqual({ kind: 'asked' });
});

describe('canaries', () => {
  const rollout = { canary: { size: percent(25), hold: false } };

  it('come first; the others only when every one has answered ok', () => {
    expect(step({ rollout }, 10)).toMatchObject({ kind: 'ask', count: 3 });
    const asked = { asked: 3, atWork: 1 };
    expect(step({ rollout }, 10, { ...asked, canaries: { ok: 2, failed: 0 } })).toMatchObject({
      kind: 'wait',
      hold: null,
    });
    expect(step({ rollout }, 10, { asked: 3, canaries: { ok: 3, failed: 0 } })).toEqual({ kind: 'canary_passed' });
    const passed = { asked: 3, batchFrom: 3, canaryPassed: true };
    expect(step({ rollout }, 10, passed)).toMatchObject({ kind: 'ask', count: 7 });
    expect(step({ rollout }, 10, { ...asked, failures: 1, canaries: { ok: 2, failed: 1 } })).toMatchObject({
      kind: 'stop',
      never: 'skipped',
      fault: { code: 'run.canary_failed' },
    });
  });

  it('wait for word where that is wanted', () => {
    const held = { rollout: { canary: { size: nodes(1), hold: true } } };
    const answered = { asked: 1, canaries: { ok: 1, failed: 0 } };
    expect(step(held, 3, answered)).toMatchObject({ kind: 'wait', hold: 'canary' });
    const wanted = { wish: 'go', isReleased: true } as const;
    expect(step(held, 3, { ...answered, wanted })).toEqual({ kind: 'canary_passed' });
    expect(step(held, 1, answered)).toEqual({ kind: 'canary_passed' });
  });
});

it('a window is filled up as soon as a node has come to its end', () => {
  const rollout = { concurrency: nodes(3) };
  expect(step({ rollout }, 9)).toMatchObject({ kind: 'ask', count: 3 });
  expect(step({ rollout }, 9, { asked: 3, atWork: 3 })).toMatchObject({ kind: 'wait' });
  expect(step({ rollout }, 9, { asked: 3, atWork: 1 })).toMatchObject({ kind: 'ask', count: 2 });
  expect(step({ rollout }, 9, { asked: 8, atWork: 0 })).toMatchObject({ kind: 'ask', count: 1 });
});

it('batches wait for all of one, then sleep, then the next begins', () => {
  const batch = { size: nodes(4), sleepMs: 100 };
  expect(step({ batch }, 9)).toMatchObject({ kind: 'ask', count: 4 });
  expect(step({ batch }, 9, { asked: 4, atWork: 1 })).toMatchObject({ kind: 'wait', hold: null });
  expect(step({ batch }, 9, { asked: 4, nowMs: 7 })).toEqual({ kind: 'sleep', untilMs: 107 });
  const sleeping = { asked: 4, sleepUntilMs: 107 };
  expect(step({ batch }, 9, { ...sleeping, nowMs: 106 })).toMatchObject({ kind: 'wait', hold: 'sleep', untilMs: 107 });
  expect(step({ batch }, 9, { ...sleeping, nowMs: 107 })).toEqual({ kind: 'ask', count: 4, beginsBatch: true });
  expect(step({ batch }, 9, { asked: 8, batchFrom: 4, sleepUntilMs: 1, nowMs: 1 })).toMatchObject({ count: 1 });
  const clockSetBack = { asked: 4, sleepUntilMs: 600_107, nowMs: 20 };
  expect(step({ batch }, 9, clockSetBack)).toEqual({ kind: 'sleep', untilMs: 120 });
});

it.each([
  [nodes(0), 10, 0],
  [nodes(2), 10, 2],
  [percent(10), 19, 1],
  [percent(0), 19, 0],
])('of at most %j failures among %i nodes, one more than %i ends it', (maxErrors, total, most) => {
  const rollout = { maxErrors, concurrency: nodes(1) };
  expect(step({ rollout }, total, { asked: 5, failures: most })).toMatchObject({ kind: 'ask' });
  expect(step({ rollout }, total, { asked: 5, failures: most + 1 })).toMatchObject({
    kind: 'stop',
    fault: { code: 'run.too_many_errors' },
  });
  expect(step({ rollout }, total, { asked: total, failures: most + 1 })).toEqual({ kind: 'asked' });
});

it('tells also while it is paused that its canaries want word, for one word answers both', () => {
  const canary = { size: { unit: 'nodes', amount: 1 }, hold: true } as const;
  const paused = (ok: number, isReleased: boolean) =>
    step({ rollout: { canary } }, 5, {
      asked: 1,
      atWork: 1 - ok,
      canaries: { ok, failed: 0 },
      canaryPassed: false,
      wanted: { wish: 'pause', isReleased },
    });
  expect(paused(0, false)).toMatchObject({ isPaused: true, hold: null });
  expect(paused(1, false)).toMatchObject({ isPaused: true, hold: 'canary' });
  expect(paused(1, true)).toMatchObject({ isPaused: true, hold: null });
});

it('does as people wish', () => {
  const wish = (wanted: 'pause' | 'stop' | 'cancel', more: Partial<Standing> = {}) =>
    step({}, 5, { ...more, wanted: { wish: wanted, isReleased: false } });
  expect(wish('pause')).toMatchObject({ kind: 'wait', isPaused: true });
  expect(wish('pause', { asked: 5 })).toEqual({ kind: 'asked' });
  expect(wish('pause')).toMatchObject({ hold: null });
  expect(wish('stop')).toMatchObject({ kind: 'stop', never: 'skipped', fault: { code: 'run.stopped' } });
  expect(wish('stop', { asked: 5 })).toEqual({ kind: 'asked' });
  expect(wish('cancel', { asked: 5 })).toMatchObject({ never: 'cancelled', fault: { code: 'run.cancelled' } });
});
