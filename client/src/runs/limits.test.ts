import { describe, expect, it } from 'vitest';
import { usualLimits } from '../../../test/support/client/run-limits.ts';
import { limitOf, mayAnswer, repeatAt, type LimitedNode } from './limits.ts';

const sent: LimitedNode = {
  identity: 'web01',
  state: 'sent',
  answered: false,
  issuedAtMs: 0,
  publishedAtMs: 0,
  copies: 1,
  returned: 0,
  noticedAtMs: null,
  sinceMs: 0,
  hurryAtMs: null,
  isTold: false,
};
const hourMs = 3_600_000;

describe('a silent node', () => {
  it('gave no answer once its time for delivery is over; it is waited for where it may still get the request', () => {
    expect(limitOf(sent, usualLimits)).toEqual({ atMs: 15_000, becomes: 'no_answer' });
    const until = { ...usualLimits, untilMs: hourMs };
    expect(limitOf(sent, until)).toEqual({ atMs: 15_000, becomes: 'waiting' });
    expect(limitOf({ ...sent, state: 'waiting' }, until)).toEqual({ atMs: hourMs, becomes: 'expired' });
  });

  it('that has said that it has the request has the time of the action from then', () => {
    const running: LimitedNode = { ...sent, state: 'running', noticedAtMs: 14_000 };
    expect(limitOf(running, usualLimits)).toEqual({ atMs: 26_000, becomes: 'no_answer' });
    expect(limitOf(running, { ...usualLimits, waitAtMostMs: 20_000 })).toMatchObject({ atMs: 20_000 });
  });

  it('has its time from when a console began to listen again', () => {
    expect(limitOf({ ...sent, sinceMs: 50_000 }, usualLimits)).toMatchObject({ atMs: 65_000 });
  });

  it('whose request no broker would take is undelivered at the deadline', () => {
    expect(limitOf({ ...sent, state: 'queued' }, usualLimits)).toEqual({ atMs: 60_000, becomes: 'undelivered' });
    expect(limitOf({ ...sent, state: 'queued', issuedAtMs: null }, usualLimits)).toBeNull();
  });
});

describe('copies', () => {
  it('go out with growing pauses, and once after the deadline', () => {
    const times: number[] = [];
    let node: LimitedNode = sent;
    for (;;) {
      const atMs = repeatAt(node, usualLimits);
      if (atMs === null) break;
      times.push(atMs);
      node = { ...node, publishedAtMs: atMs, copies: node.copies + 1 };
    }
    expect(times).toEqual([15_000, 45_000, 70_000]);
  });

  it('come an hour apart at most', () => {
    const long = { ...usualLimits, untilMs: 100 * hourMs };
    expect(repeatAt({ ...sent, state: 'waiting', copies: 30, publishedAtMs: 5 }, long)).toBe(hourMs + 5);
  });

  it('wait while the action has its time, and go out soon when something was lost', () => {
    const running: LimitedNode = { ...sent, state: 'running', noticedAtMs: 12_000 };
    expect(repeatAt(running, usualLimits)).toBe(37_000);
    expect(repeatAt({ ...running, hurryAtMs: 13_000 }, usualLimits)).toBe(13_000);
  });

  it('go to no node that has answered, or is unknown', () => {
    for (const more of [{ answered: true }, { state: 'unknown_node' as const }]) {
      expect(mayAnswer({ ...sent, ...more })).toBe(false);
      expect(repeatAt({ ...sent, ...more }, usualLimits)).toBeNull();
    }
  });

  it('go once, after the deadline, to a node whose copies have all come back: it may have had one before', () => {
    const expired: LimitedNode = { ...sent, state: 'expired', returned: 1 };
    expect(repeatAt(expired, { ...usualLimits, deliveryMs: 90_000 })).toBe(70_000);
    expect(repeatAt({ ...expired, copies: 2, publishedAtMs: 70_000 }, usualLimits)).toBeNull();
    expect(mayAnswer({ ...expired, copies: 2, returned: 2 })).toBe(true);
  });

  it('may have reached a node before the broker knew it no more', () => {
    expect(repeatAt({ ...sent, state: 'unknown_node', copies: 2 }, usualLimits)).toBe(30_000);
  });
});
