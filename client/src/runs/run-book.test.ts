import { describe, expect, it } from 'vitest';
import type { RunSummary } from '@muster/protocol/bridge';
import { usualLimits } from '../../../test/support/client/run-limits.ts';
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

/** A book of one node that was asked at that time. */
function asked(atMs: number): RunBook {
  const book = new RunBook(summary, { nodes: [], strangers: [] });
  book.expect(['web01'], 0);
  book.ask(1, atMs);
  book.published('web01', 'sent');
  return book;
}

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
});
