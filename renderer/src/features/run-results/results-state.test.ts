import { expect, it } from 'vitest';
import { createWindowRig, type WindowRig } from '../../../test/window-rig.ts';
import { filterSuggestions } from '../filter-editor/filter-completion.ts';
import { AnswerWords } from './answer-words.ts';
import { ResultsState } from './results-state.svelte.ts';
import { aimsOf } from './run-aims.ts';
import { runScopes } from './run-scopes.ts';

async function finishedRun(rig: WindowRig) {
  const started = await rig.bridge.call('runs.start', {
    agent: 'package',
    action: 'status',
    inputs: { package: 'nginx' },
    target: { kind: 'filter', filter: '' },
  });
  if (!started.ok) throw new Error(started.error.message);
  const [run] = rig.engine.runs;
  if (run === undefined) throw new Error('there is no run');
  run.advance(30, rig.clock.now());
  const results = new ResultsState(rig.bridge, rig.clock, started.value.runId);
  await rig.settled();
  return { run, results };
}

it('selects rows, ranges and all that are shown, and lets go when others are shown', async () => {
  const rig = createWindowRig();
  const { results } = await finishedRun(rig);
  const { selection } = results;
  selection.startAt(2);
  await selection.extendTo(5, (first, last) => results.identitiesBetween(first, last));
  expect([...selection.keys]).toEqual(results.rows.loaded.slice(2, 6).map(({ identity }) => identity));
  await results.selectAll();
  expect(selection.size).toBe(30);
  results.sortBy({ by: '@state', descending: true });
  expect(selection.size).toBe(30);
  results.toggleState('ok');
  expect(selection.size).toBe(0);
  results.dispose();
});

it('filters all rows in the language of targets, once typing rests', async () => {
  const rig = createWindowRig();
  const { results, run } = await finishedRun(rig);
  const failed = run.summary.states.failed ?? 0;
  results.filter.edit('failed');
  await rig.settled();
  expect(results.rows.total).toBe(30);
  rig.clock.move(1000);
  await rig.settled();
  expect(results.rows.total).toBe(failed);
  expect(results.isNarrowed).toBe(true);

  results.filter.edit('not ensure=1');
  rig.clock.move(1000);
  expect(results.filter.fault?.position).toEqual({ start: 4, end: 12 });
  expect(results.filter.applied).toBe('failed');

  results.showAll();
  await rig.settled();
  expect(results.filter).toMatchObject({ text: '', fault: null });
  expect(results.rows.total).toBe(30);
  results.dispose();
  expect(rig.clock.pending).toBe(0);
});

it('offers what is nearest to a report first, and who can be asked next', async () => {
  const rig = createWindowRig();
  const { results, run } = await finishedRun(rig);
  const ids = () => runScopes(run.summary, results, ['ensure']).map(({ id }) => id);
  expect(ids()).toEqual(['all', 'shown']);
  results.filter.set('ok');
  await rig.settled();
  expect(ids()).toEqual(['shown', 'all']);
  results.selection.replace(['web1']);
  const [selected, shown] = runScopes(run.summary, results, ['ensure']);
  expect(selected.of).toMatchObject({ identities: ['web1'], columns: ['ensure'], states: [], search: '' });
  expect(shown?.of).toMatchObject({ filter: 'ok', columns: ['ensure'] });

  const aims = aimsOf(run.summary, 1);
  expect(aims.map(({ id }) => id)).toEqual(['selected', 'failed', 'silent', 'ok', 'skipped', 'cancelled', 'all']);
  expect(aims.find(({ id }) => id === 'ok')?.count).toBe(run.summary.states.ok);
  results.dispose();
});

it('proposes what answers are made of', async () => {
  const rig = createWindowRig();
  const { results } = await finishedRun(rig);
  const words = new AnswerWords({ outputs: results.outputs, loaded: results.rows.loaded });
  const proposed = async (before: string) =>
    (await filterSuggestions(before, words))?.suggestions.map(({ label }) => label) ?? [];
  const first = await proposed('');
  expect(first).toEqual(expect.arrayContaining(['data.ensure', 'state', 'not', 'no_answer']));
  expect(first).not.toContain('@agent');
  const values = results.rows.loaded.map(({ data }) => data['ensure']);
  expect(values).toContain((await proposed('data.ensure='))[0]);
  expect(await proposed('state=')).toContain('timed_out');
  results.dispose();
});
