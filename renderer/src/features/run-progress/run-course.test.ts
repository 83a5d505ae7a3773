import { describe, expect, it } from 'vitest';
import type { RunOrder, RunSummary } from '@muster/protocol/bridge';
import { createWindowRig } from '../../../test/window-rig.ts';
import { choicesOf, courseOf } from './run-course.ts';
import { RunState } from './run-state.svelte.ts';

const order = (parts: Partial<RunOrder>): RunOrder => ({
  agent: 'package',
  action: 'status',
  inputs: { package: 'nginx' },
  target: { kind: 'filter', filter: '' },
  ...parts,
});

async function started(parts: Partial<RunOrder>, away: readonly number[] = []) {
  const rig = createWindowRig(30);
  for (const index of away) rig.engine.away.add(rig.engine.nodes[index]?.identity ?? '');
  const begun = await rig.bridge.call('runs.start', order(parts));
  const [run] = rig.engine.runs;
  if (!begun.ok || run === undefined) throw new Error('the run was refused');
  const state = new RunState(rig.bridge, rig.clock, begun.value.runId, () => undefined);
  const advance = async (count: number) => {
    run.advance(count, rig.clock.now());
    rig.engine.changed();
    await rig.settled();
  };
  await rig.settled();
  const summary = (): RunSummary => {
    if (state.summary === null) throw new Error('nothing is known of the run');
    return state.summary;
  };
  return { rig, run, state, advance, summary };
}

const canary = { size: { unit: 'nodes', amount: 2 }, hold: true } as const;

describe('a run on its way', () => {
  it('holds after its canaries until a person says so', async () => {
    const { state, advance, summary } = await started({
      rollout: { canary },
      batch: { size: { unit: 'nodes', amount: 10 }, sleepMs: 0 },
    });
    expect(courseOf(summary())).toMatchObject({ atWork: 2, queued: 28, canaries: { done: 0, total: 2 }, batch: null });
    await advance(1);
    expect(courseOf(summary()).canaries).toEqual({ done: 1, total: 2 });
    await advance(1);
    expect(summary().hold).toBe('canary');
    expect(choicesOf(summary())).toMatchObject({ canPause: false, canStop: false, canCancel: true });
    await state.wish('resume');
    expect(courseOf(summary())).toMatchObject({ atWork: 10, queued: 18, batch: { number: 1, total: 3 } });
    await advance(10);
    expect(courseOf(summary()).batch).toEqual({ number: 2, total: 3 });
    await advance(10);
    await advance(10);
    expect(summary()).toMatchObject({ state: 'finished', hold: null, isConducted: false });
    expect(Object.values(choicesOf(summary()))).toEqual([false, false, false, false]);
  });

  it('asks for word on its canaries also while it is paused, and goes on by one word', async () => {
    const { state, advance, summary } = await started({ rollout: { canary } });
    await state.wish('pause');
    expect(summary()).toMatchObject({ state: 'paused', hold: null });
    expect(choicesOf(summary())).toMatchObject({ canResume: true, canStop: true });
    await advance(2);
    expect(summary()).toMatchObject({ state: 'paused', hold: 'canary' });
    expect(choicesOf(summary())).toMatchObject({ canResume: false, canStop: false, canCancel: true });
    await state.wish('resume');
    expect(courseOf(summary())).toMatchObject({ atWork: 28, queued: 0 });
  });

  it('tells when its pause between batches ends', async () => {
    const batch = { size: { unit: 'nodes', amount: 10 }, sleepMs: 30_000 } as const;
    const { rig, advance, summary } = await started({ batch });
    expect(summary().holdUntilMs).toBeNull();
    await advance(10);
    expect(summary()).toMatchObject({ hold: 'sleep', holdUntilMs: rig.clock.now() + 30_000 });
    rig.clock.move(30_000);
    await advance(0);
    expect(summary()).toMatchObject({ hold: null, holdUntilMs: null, states: { sent: 10 } });
  });

  it('is paused, and goes on', async () => {
    const { state, advance, summary } = await started({ rollout: { concurrency: { unit: 'percent', amount: 10 } } });
    expect(courseOf(summary()).atWork).toBe(3);
    expect(choicesOf(summary())).toMatchObject({ canPause: true, canResume: false });
    await state.wish('pause');
    await advance(3);
    expect(summary()).toMatchObject({ state: 'paused', responses: 3 });
    expect(courseOf(summary())).toMatchObject({ atWork: 0, queued: 27 });
    expect(choicesOf(summary())).toMatchObject({ canPause: false, canResume: true, canStop: true });
    await state.wish('resume');
    expect(courseOf(summary()).atWork).toBe(3);
  });

  it('stops when more nodes fail than may, and lets those at work finish', async () => {
    const { rig, advance, summary } = await started(
      { rollout: { concurrency: { unit: 'nodes', amount: 5 }, maxErrors: { unit: 'percent', amount: 5 } } },
      [0, 1],
    );
    expect(courseOf(summary())).toMatchObject({ failed: 0, allowed: 1 });
    await advance(2);
    expect(summary()).toMatchObject({ state: 'stopping', fault: { code: 'run.too_many_errors' } });
    expect(courseOf(summary())).toMatchObject({ failed: 2, atWork: 3, queued: 0, skipped: 25 });
    await advance(3);
    expect(summary().state).toBe('stopped');
    rig.clock.move(1000);
  });

  it('waits for nodes that are away until its deadline', async () => {
    const untilMs = 1_700_000_000_000 + 7_200_000;
    const { rig, advance, summary } = await started({ untilMs }, [3, 4]);
    await advance(30);
    expect(courseOf(summary())).toMatchObject({ waiting: 2, atWork: 0 });
    expect(choicesOf(summary())).toMatchObject({ canPause: false, canStop: false, canCancel: true });
    rig.engine.away.delete(rig.engine.nodes[3]?.identity ?? '');
    await advance(30);
    await advance(30);
    expect(summary().states).toMatchObject({ waiting: 1, ok: 29 });
    rig.clock.move(7_200_000);
    await advance(30);
    expect(summary()).toMatchObject({ state: 'finished', states: { ok: 29, expired: 1 } });
  });

  it('is cancelled: what has begun runs on, all else is let be', async () => {
    const { run, state, advance, summary } = await started({ rollout: { concurrency: { unit: 'nodes', amount: 4 } } });
    run.begin(1);
    await state.wish('cancel');
    expect(summary()).toMatchObject({ state: 'stopping', states: { running: 1, cancelled: 29 } });
    expect(choicesOf(summary()).canCancel).toBe(false);
    expect(courseOf(summary())).toMatchObject({ atWork: 1, cancelled: 29, skipped: 0, failed: 0 });
    await advance(1);
    expect(summary()).toMatchObject({ state: 'cancelled', fault: { code: 'run.cancelled' } });
    await state.wish('pause');
    expect(state.wishFault?.code).toBe('run.ended');
  });

  it('that no console conducts can be picked up', async () => {
    const { run, state, advance, summary } = await started({ rollout: { concurrency: { unit: 'nodes', amount: 4 } } });
    run.isConducted = false;
    await advance(4);
    expect(summary()).toMatchObject({ isConducted: false, responses: 0 });
    expect(choicesOf(summary())).toMatchObject({ canPause: false, canResume: true });
    await state.wish('resume');
    await advance(4);
    expect(summary()).toMatchObject({ isConducted: true, responses: 4 });
  });

  it('keeps answers that come late or from nodes that were not asked', async () => {
    const target = { kind: 'filter', filter: 'role=web' } as const;
    const { rig, run, advance, summary } = await started({ target }, [...Array(30).keys()]);
    await advance(30);
    expect(summary().states.no_answer).toBe(summary().expected);
    const asked = rig.engine.nodes.find(({ identity }) => run.results.some((result) => result.identity === identity));
    const other = rig.engine.nodes.find(({ identity }) => run.results.every((result) => result.identity !== identity));
    if (asked === undefined || other === undefined) throw new Error('every node or none is a web server');
    run.answerLate(asked, rig.clock.now());
    run.answerLate(other, rig.clock.now());
    rig.engine.changed();
    await rig.settled();
    expect(summary()).toMatchObject({ responses: 1, unexpected: 1 });
  });
});
