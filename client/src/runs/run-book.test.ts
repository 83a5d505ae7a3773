import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunSummary } from '@muster/protocol/bridge';
import { usualLimits } from '../../../test/support/client/run-limits.ts';
import type { TimePassed } from './limit-watch.ts';
import { RunBook } from './run-book.ts';

const summary: RunSummary = {
  runId: '0'.repeat(32),
  person: 'alice',
  collective: 'muster',
  agent: 'service',
  action: 'restart',
  inputs: {},
  target: { kind: 'nodes', identities: ['web01'] },
  state: 'running',
  hold: null,
  holdUntilMs: null,
  isConducted: true,
  fault: null,
  startedAtMs: 0,
  sentAtMs: null,
  finishedAtMs: null,
  discoveryMs: null,
  timeoutMs: 15_000,
  deliveryMs: 15_000,
  executionMs: 10_000,
  ttlMs: 60_000,
  expected: 0,
  responses: 0,
  states: {},
  unexpected: 0,
};
const heard = { isBlind: false, repeats: true };

/** A book of nodes that were asked at that time. */
function asked(atMs: number, identities: readonly string[] = ['web01']): RunBook {
  const book = new RunBook(summary, { nodes: [], strangers: [] });
  book.expect(identities, 0);
  book.ask(identities.length, atMs);
  for (const identity of identities) book.published(identity, 'sent');
  return book;
}

const answerOf = (sender: string, arrivedAtMs: number): Parameters<RunBook['take']>[0] => ({
  reply: {
    protocol: 'muster.reply.v1',
    collective: summary.collective,
    issuedAtMs: 0,
    ttlMs: 60_000,
    nonce: '0'.repeat(32),
    requestId: summary.runId,
    sender,
    agent: summary.agent,
    action: summary.action,
    outcome: 'ok',
    statusCode: 0,
    statusMessage: 'OK',
    data: {},
    timings: { receivedAtMs: 0, startedAtMs: 0, finishedAtMs: 0 },
  },
  arrivedAtMs,
  signedBy: 'a fingerprint',
  frame: new Uint8Array(),
  acknowledge: () => undefined,
});

/** What may happen to one node of a run. */
function happen(book: RunBook, sender: string, does: string, nowMs: number): void {
  if (does === 'answers') book.take(answerOf(sender, nowMs));
  if (does === 'accepts' || does === 'runs')
    book.heed(
      {
        protocol: 'muster.notice.v1',
        collective: summary.collective,
        requestId: summary.runId,
        sender,
        state: does === 'runs' ? 'running' : 'accepted',
        startedAtMs: null,
        issuedAtMs: nowMs,
        ttlMs: 60_000,
        nonce: '0'.repeat(32),
      },
      nowMs,
    );
  if (does === 'comes back') book.hurry(sender, nowMs);
  if (does === 'is told') book.told(sender);
  if (does === 'loses a copy') book.returned({ identity: sender, reason: 'expired' });
}

/** Which nodes they are, in whatever order. */
const sorted = ({ changed, repeat }: TimePassed) => ({ changed: changed.toSorted(), repeat: repeat.toSorted() });

describe('a book of a run', () => {
  it('waits no longer for a node that was asked while the clock was ahead', () => {
    const book = asked(700_000);
    expect(book.pass(700_000, usualLimits, heard)).toEqual({ changed: [], repeat: [] });
    expect(book.pass(100_000, usualLimits, heard)).toEqual({ changed: [], repeat: [] });
    expect(book.quietUntilMs).toBe(115_000);
    expect(book.pass(115_000, usualLimits, heard)).toEqual({ changed: ['web01'], repeat: ['web01'] });
    expect(book.stateOf('web01')).toBe('no_answer');
  });

  it('asks a node whose copies came back, after the deadline', () => {
    const book = asked(0);
    expect(book.returned({ identity: 'web01', reason: 'expired' })).toBe(true);
    expect(book.stateOf('web01')).toBe('expired');
    expect(book.missing()).toEqual(['web01']);
    expect(book.pass(50_000, { ...usualLimits, deliveryMs: 60_000 }, heard).repeat).toEqual([]);
    expect(book.pass(70_000, { ...usualLimits, deliveryMs: 60_000 }, heard).repeat).toEqual(['web01']);
    book.repeat(['web01'], 70_000);
    expect(book.pass(3_000_000, usualLimits, heard)).toEqual({ changed: [], repeat: [] });
  });

  it('need not look at all nodes again because one of them answered', () => {
    const book = asked(0, ['web01', 'web02']);
    book.pass(1000, usualLimits, heard);
    expect(book.quietUntilMs).toBe(15_000);
    book.take(answerOf('web01', 2000));
    expect(book.quietUntilMs).toBe(15_000);
    expect(book.pass(15_000, usualLimits, heard).changed).toEqual(['web02']);
  });

  it('notices the same of each node whether others were touched or all limits were new', () => {
    const identities = ['n0', 'n1', 'n2', 'n3', 'n4'];
    const steps = fc.array(
      fc.record({
        pauseMs: fc.integer({ min: 0, max: 9000 }),
        node: fc.constantFrom(...identities),
        does: fc.constantFrom('answers', 'accepts', 'runs', 'comes back', 'is told', 'loses a copy', 'nothing'),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (happened) => {
        const [one, other] = [asked(0, identities), asked(0, identities)];
        let nowMs = 0;
        for (const { pauseMs, node, does } of happened) {
          nowMs += pauseMs;
          for (const book of [one, other]) happen(book, node, does, nowMs);
          const passed = one.pass(nowMs, usualLimits, heard);
          // New limits, though the same, have every node looked at.
          expect(sorted(other.pass(nowMs, { ...usualLimits }, heard))).toEqual(sorted(passed));
          for (const book of [one, other]) book.repeat(passed.repeat, nowMs);
          expect(one.summary).toEqual(other.summary);
        }
      }),
    );
  });
});
