import { describe, expect, it } from 'vitest';
import { nodeStates, type NodeState } from '@muster/protocol/run';
import { judge, type Evidence, type Told } from './judge.ts';

const runId = '1'.repeat(32);
const identity = 'web1.example.com';
const told = (state: NodeState, more: Partial<Told> = {}): Told => ({
  runId,
  console: 'first',
  identity,
  state,
  startedAtMs: null,
  statusMessage: '',
  ...more,
});
const executed = (times: number) =>
  Array.from({ length: times }, () => ({ requestId: runId, node: identity, token: 't1' }));

/** The verdict on one node of one run. */
const verdict = (evidence: Partial<Evidence>) =>
  judge({
    told: [],
    executions: [],
    accepted: [runId],
    kept: new Set([runId]),
    ghosts: new Set(),
    cutOff: new Set(),
    ...evidence,
  }).map(({ kind }) => kind);

describe('the judge', () => {
  it.each(['ok', 'failed'] as const)('wants exactly one execution behind "%s"', (state) => {
    const ran = told(state, { startedAtMs: 5 });
    expect(verdict({ told: [ran], executions: executed(1) })).toEqual([]);
    expect(verdict({ told: [ran] })).toEqual(['wrong outcome']);
  });

  it('wants none behind a failure before the action began', () => {
    expect(verdict({ told: [told('failed')] })).toEqual([]);
    expect(verdict({ told: [told('failed')], executions: executed(1) })).toEqual(['wrong outcome']);
  });

  it.each(['refused', 'invalid', 'expired', 'skewed', 'unknown_node', 'undelivered', 'skipped', 'cancelled'] as const)(
    'wants no execution behind "%s"',
    (state) => {
      expect(verdict({ told: [told(state)] })).toEqual([]);
      expect(verdict({ told: [told(state)], executions: executed(1) })).toEqual(['wrong outcome']);
    },
  );

  it.each([
    ['interrupted', null],
    ['timed_out', null],
    ['cancelled', 5],
  ] as const)('lets there be one execution behind "%s", or none', (state, startedAtMs) => {
    expect(verdict({ told: [told(state, { startedAtMs })] })).toEqual([]);
    expect(verdict({ told: [told(state, { startedAtMs })], executions: executed(1) })).toEqual([]);
  });

  it.each(['queued', 'sent', 'waiting', 'accepted', 'running', 'no_answer'] as const)(
    'takes "%s" for no outcome',
    (state) => expect(verdict({ told: [told(state)] })).toEqual(['outcome missing']),
  );

  it('takes no answer for an outcome of a node that never comes back, if it did nothing', () => {
    const ghosts = new Set([identity]);
    expect(verdict({ told: [told('no_answer')], ghosts })).toEqual([]);
    expect(verdict({ told: [told('no_answer')], ghosts, executions: executed(1) })).toEqual(['wrong outcome']);
  });

  it.each(nodeStates)('lets nothing be executed twice, not even behind "%s"', (state) => {
    expect(verdict({ told: [told(state, { startedAtMs: 1 })], executions: executed(2) })).toEqual(['executed twice']);
  });

  it('misses executions that no console knows of', () => {
    expect(verdict({ executions: executed(1) })).toEqual(['outcome missing']);
    expect(verdict({ executions: executed(2) })).toEqual(['executed twice']);
  });

  it('misses requests that a console took and has no more', () => {
    expect(verdict({ kept: new Set() })).toEqual(['outcome missing']);
  });

  it('lets go of what the test itself took off the disk', () => {
    expect(verdict({ kept: new Set(), executions: executed(1), cutOff: new Set([runId]) })).toEqual([]);
  });
});
