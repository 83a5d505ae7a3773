import { describe, expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { RunSummariesState } from '../run-summaries/run-summaries-state.svelte.ts';
import { answeredGroups } from './answered-groups.ts';
import { AnswerGroupsState } from './answer-groups-state.svelte.ts';
import { groupDifferences } from './group-fields.ts';

const none = { total: 0, nodes: 0, groups: [] };
const everything = { states: [], search: '', filter: '' } as const;

async function packageRun() {
  const rig = createWindowRig(25);
  const started = await rig.bridge.call('runs.start', {
    agent: 'package',
    action: 'status',
    inputs: { package: 'nginx' },
    target: { kind: 'filter', filter: '' },
  });
  if (!started.ok) throw new Error(started.error.message);
  const [run] = rig.engine.runs;
  if (run === undefined) throw new Error('there is no run');
  return { ...rig, runId: started.value.runId, run };
}

describe('AnswerGroupsState', () => {
  it('groups what is alike, and follows the run', async () => {
    const { bridge, clock, runId, run, settled } = await packageRun();
    const groups = new AnswerGroupsState(bridge, clock, runId);
    groups.look(everything);
    await settled();
    expect(groups.found?.groups.map(({ nodes, state }) => [nodes, state])).toEqual([[25, 'sent']]);
    expect(groups.found?.majority).toBeNull();
    expect(groups.isComplete).toBe(false);
    run.advance(10, clock.now());
    groups.noteNews({ state: 'running' });
    clock.move(1000);
    await settled();
    expect(answeredGroups(groups.found ?? none)).toMatchObject({ answered: 10, nodes: 25 });
    expect(groups.isComplete).toBe(false);
    run.advance(15, clock.now());
    groups.noteNews({ state: 'finished' });
    // The end of a run is not waited with.
    await settled();
    expect(groups.isComplete).toBe(true);
    expect(groups.found?.groups.map(({ nodes }) => nodes)).toEqual([23, 2]);
    expect(answeredGroups(groups.found ?? none)).toEqual({ groups: 2, answered: 25, nodes: 25 });
    const [most, few] = groups.found?.groups ?? [];
    if (most === undefined || few === undefined) throw new Error('there are no groups');
    expect(groups.found?.majority).toEqual(most);
    expect(groupDifferences(most, few, null).map(({ title, inside }) => `${title}${inside}`)).toEqual([
      'ensure',
      'release',
      'held',
      'size',
      'depends[2]',
    ]);
    expect(groups.namesOf(few)).toHaveLength(2);
    expect(await groups.allNames(most)).toHaveLength(23);
    groups.dispose();
    expect(clock.pending).toBe(0);
  });

  it('lets fields be ignored until all are alike', async () => {
    const { bridge, clock, runId, run, settled } = await packageRun();
    run.advance(25, clock.now());
    const groups = new AnswerGroupsState(bridge, clock, runId);
    groups.look(everything);
    for (const field of ['ensure', 'release', 'held', 'size', 'depends']) groups.toggleIgnored(field);
    await settled();
    expect(groups.found?.groups.map(({ nodes }) => nodes)).toEqual([25]);
    groups.toggleIgnored('size');
    await settled();
    expect(groups.found?.groups.map(({ nodes }) => nodes)).toEqual([23, 2]);
    groups.dispose();
  });
});

describe('RunSummariesState', () => {
  it('gathers the aggregates of each output', async () => {
    const { bridge, clock, runId, run, settled } = await packageRun();
    run.advance(25, clock.now());
    const summaries = new RunSummariesState(bridge, clock, runId);
    await settled();
    expect(summaries.outputs?.map(({ title, answers, aggregates }) => [title, answers, aggregates.length])).toEqual([
      ['Ensure', 25, 1],
      ['Held', 25, 1],
      ['Size', 25, 3],
    ]);
    summaries.dispose();
  });
});
