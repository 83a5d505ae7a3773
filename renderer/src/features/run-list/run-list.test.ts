import { describe, expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { isAnyRun, changedFilter, runQuery } from './run-filter.ts';
import { RunListState } from './run-list-state.svelte.ts';

async function someRuns() {
  const rig = createWindowRig(4);
  for (const [agent, action] of [
    ['rpcutil', 'ping'],
    ['package', 'status'],
    ['rpcutil', 'ping'],
  ] as const) {
    const target = { kind: 'filter' as const, filter: '' };
    const started = await rig.bridge.call('runs.start', { agent, action, inputs: inputsOf(agent), target });
    if (!started.ok) throw new Error(started.error.message);
    rig.engine.runs.at(-1)?.advance(10, rig.clock.now());
    rig.clock.move(1000);
  }
  const list = new RunListState(rig.bridge, rig.clock, '');
  await rig.settled();
  return { ...rig, list, shown: () => list.rows.loaded.map(({ action }) => action) };
}

const inputsOf = (agent: string): Record<string, string> => (agent === 'package' ? { package: 'nginx' } : {});

describe('runQuery', () => {
  it('says what a person has chosen as the engine asks for it', () => {
    expect(runQuery(' web ', {}, 1000)).toEqual({ search: 'web' });
    expect(
      runQuery('', { action: 'puppet.runonce', person: 'bob', node: 'web1', end: 'open', failures: true }, 0),
    ).toEqual({
      search: '',
      agent: 'puppet',
      action: 'runonce',
      person: 'bob',
      node: 'web1',
      states: ['discovering', 'running', 'paused', 'stopping'],
      hasFailures: true,
    });
    expect(runQuery('', { action: 'puppet', period: '1h', pinned: true }, 3_700_000)).toEqual({
      search: '',
      agent: 'puppet',
      sinceMs: 100_000,
      isPinned: true,
    });
  });
  it('takes both days whole, and leaves out what could be no node', () => {
    const query = runQuery('', { from: '2026-11-01', to: '2026-11-02', node: 'web 1' }, 0);
    expect(query.node).toBeUndefined();
    expect(new Date(query.sinceMs ?? 0).getDate()).toBe(1);
    expect(new Date(query.untilMs ?? 0).getDate()).toBe(3);
  });
  it('takes conditions away', () => {
    expect(isAnyRun(changedFilter({ person: 'bob' }, { person: '' }))).toBe(true);
    expect(changedFilter({ person: 'bob' }, { pinned: true })).toEqual({ person: 'bob', pinned: true });
  });
});

describe('RunListState', () => {
  it('narrows the list down, and shows all again', async () => {
    const { list, shown, settled } = await someRuns();
    expect(shown()).toEqual(['ping', 'status', 'ping']);
    list.narrow({ action: 'package' });
    await settled();
    expect(shown()).toEqual(['status']);
    list.showAll();
    await settled();
    expect(shown()).toHaveLength(3);
    list.dispose();
  });

  it('pins what is selected, and cannot remove it then', async () => {
    const { list, settled } = await someRuns();
    const [newest, middle] = list.rows.loaded;
    list.selection.replace([newest?.runId ?? '', middle?.runId ?? '']);
    expect(list.selected.map(({ action }) => action)).toEqual(['ping', 'status']);
    list.selection.replace([middle?.runId ?? '']);
    await list.pin(true);
    await settled();
    expect(list.rows.loaded[1]?.pin?.person).toBe('alice');
    list.selection.replace([newest?.runId ?? '', middle?.runId ?? '']);
    await list.remove();
    await settled();
    expect(list.removal).toEqual({ runIds: [newest?.runId], pinned: 1, open: 0 });
    expect(list.selection.size).toBe(0);
    expect(list.rows.total).toBe(2);
    await list.undo();
    await settled();
    expect([list.removal, list.rows.total]).toEqual([null, 3]);
    list.dispose();
  });

  it('says why something was not done', async () => {
    const { list, engine, settled } = await someRuns();
    list.selection.replace([list.rows.loaded[0]?.runId ?? '']);
    engine.isGone = true;
    await list.remove();
    await settled();
    expect(list.fault?.code).toBe('bridge.unreachable');
    expect(list.removal).toBeNull();
    list.dispose();
  });
});
