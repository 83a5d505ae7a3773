import { expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { nodeDifferences } from '../run-comparison/compared-fields.ts';
import { AnswerPairState } from './answer-pair-state.svelte.ts';

it('holds an answer against most nodes, against another node, and the other way round', async () => {
  const rig = createWindowRig(25);
  const started = await rig.bridge.call('runs.start', {
    agent: 'package',
    action: 'status',
    inputs: { package: 'nginx' },
    target: { kind: 'filter', filter: '' },
  });
  if (!started.ok) throw new Error(started.error.message);
  const { runId } = started.value;
  const [run] = rig.engine.runs;
  run?.advance(25, rig.clock.now());
  const groups = await rig.bridge.call('runs.groups', {
    runId,
    states: [],
    search: '',
    ignore: [],
    offset: 0,
    limit: 2,
  });
  if (!groups.ok) throw new Error(groups.error.message);
  const [usual = '', odd = ''] = groups.value.groups.map(({ identities }) => identities[0] ?? '');

  const state = new AnswerPairState(rig.bridge, runId, odd, null);
  expect(state.pair).toBeNull();
  await rig.settled();
  expect(state.pair?.baseNodes).toBe(23);
  const found = () => {
    const { pair } = state;
    if (pair === null) throw new Error('there is no pair');
    return nodeDifferences({ before: pair.base, after: pair.answer }, null, new Set());
  };
  const fromMost = found();
  expect(fromMost.map(({ title }) => title)).toContain('ensure');

  state.show(odd, usual);
  await rig.settled();
  expect(found()).toEqual(fromMost);
  state.swap();
  await rig.settled();
  expect([state.identity, state.base]).toEqual([usual, odd]);
  expect(found().find(({ title }) => title === 'ensure')?.here).toEqual(
    fromMost.find(({ title }) => title === 'ensure')?.usual,
  );

  state.show('nobody', null);
  await rig.settled();
  expect(state.fault?.code).toBe('node.unknown');
  expect(state.pair).toBeNull();
});
