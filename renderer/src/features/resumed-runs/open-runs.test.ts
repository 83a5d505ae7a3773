import { expect, it } from 'vitest';
import type { RunOrder } from '@muster/protocol/bridge';
import { createWindowRig } from '../../../test/window-rig.ts';
import { OpenRunsState } from './open-runs-state.svelte.ts';

const order: RunOrder = {
  agent: 'package',
  action: 'status',
  inputs: { package: 'nginx' },
  target: { kind: 'filter', filter: '' },
};

it('OpenRunsState tells the next window what became of runs that went on', async () => {
  const rig = createWindowRig(30);
  const openWindow = async () => {
    const state = new OpenRunsState(rig.bridge, rig.clock);
    await rig.settled();
    return state;
  };
  const first = await openWindow();
  expect(first.resumed).toEqual([]);
  const started = await rig.bridge.call('runs.start', order);
  const [run] = rig.engine.runs;
  if (!started.ok || run === undefined) throw new Error('the run was refused');
  first.remember(started.value.runId);
  run.advance(10, rig.clock.now());
  rig.clock.move(5000);
  await rig.settled();
  first.dispose();

  const unchanged = await openWindow();
  expect(unchanged.resumed).toEqual([]);
  unchanged.dispose();
  run.advance(5, rig.clock.now());
  const second = await openWindow();
  expect(second.resumed.map(({ run: { state }, answers }) => [state, answers])).toEqual([['running', 5]]);
  second.dismiss();
  expect(second.resumed).toEqual([]);
  second.dispose();

  run.advance(30, rig.clock.now());
  const third = await openWindow();
  expect(third.resumed.map(({ run: { state }, answers }) => [state, answers])).toEqual([['finished', 15]]);
  third.dispose();
  const ended: string[] = [];
  const fourth = new OpenRunsState(rig.bridge, rig.clock, ({ runId }) => ended.push(runId));
  await rig.settled();
  expect(fourth.resumed).toEqual([]);
  const another = await rig.bridge.call('runs.start', order);
  if (!another.ok) throw new Error('the run was refused');
  fourth.remember(another.value.runId);
  rig.engine.runs[1]?.advance(30, rig.clock.now());
  rig.clock.move(5000);
  await rig.settled();
  const shown = await rig.bridge.call('runs.get', { runId: another.value.runId });
  if (!shown.ok) throw new Error(shown.error.message);
  // It was told of already, so that a window that shows it does not tell of it again.
  fourth.forget(shown.value);
  expect(ended).toEqual([another.value.runId]);
  await rig.settled();
  fourth.dispose();
  const fifth = await openWindow();
  expect(fifth.resumed).toEqual([]);
  fifth.dispose();
});
