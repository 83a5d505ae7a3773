import { describe, expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { FactTimesState, factTimes } from './fact-times-state.svelte.ts';
import { NodePageState } from './node-page-state.svelte.ts';
import { nodeTab } from './node-tabs.ts';

function rigWithChanges() {
  const rig = createWindowRig(3);
  const identity = rig.engine.nodes[0]?.identity ?? '';
  rig.engine.nodeHistory.completeSinceMs = 100;
  rig.engine.nodeHistory.changes = [
    { atMs: 300, path: 'os.release', before: '11', after: '12' },
    { atMs: 300, path: 'kernel', before: '5', after: '6' },
    { atMs: 200, path: 'os.release', before: '10', after: '11' },
  ];
  return { ...rig, identity };
}

describe('NodePageState', () => {
  it('reads all there is, and when each fact changed last', async () => {
    const { bridge, clock, identity, settled } = rigWithChanges();
    const page = new NodePageState(bridge, clock, identity);
    expect([page.detail, page.certificate]).toEqual([null, undefined]);
    await settled();
    expect(page.detail?.identity).toBe(identity);
    expect([...page.changedMs]).toEqual([
      ['os.release', 300],
      ['kernel', 300],
    ]);
    expect(page.certificate).toBeNull();
  });

  it('asks the node itself when it is told to, and says when it is silent', async () => {
    const { bridge, clock, engine, identity, settled } = rigWithChanges();
    const page = new NodePageState(bridge, clock, identity);
    const asked = page.ask();
    expect(page.isAsking).toBe(true);
    await asked;
    expect(page.statistics).toEqual({ told: { version: '0.1.0', pid: 42, total: 7 }, atMs: clock.now() });
    engine.nodeHistory.silent.add(identity);
    await page.ask();
    await settled();
    expect([page.isAsking, page.statisticsFault?.code]).toEqual([false, 'node.unknown']);
    expect(page.statistics).not.toBeNull();
  });

  it('says that there is no such node', async () => {
    const { bridge, clock, settled } = rigWithChanges();
    const page = new NodePageState(bridge, clock, 'nobody');
    await settled();
    expect([page.fault?.code, page.detail]).toEqual(['node.unknown', null]);
  });
});

describe('the facts of a node at two times', () => {
  it('knows the times', () =>
    expect(factTimes([{ atMs: 300 }, { atMs: 300 }, { atMs: 200 }])).toEqual([
      { atMs: 300, changes: 2 },
      { atMs: 200, changes: 1 },
    ]));

  it('reads what differs, and keeps to the last question', async () => {
    const { bridge, identity, settled } = rigWithChanges();
    const times = new FactTimesState(bridge, identity);
    void times.look(0, 200);
    void times.look(200, 300);
    await settled();
    expect(times.differences?.map(({ path }) => path)).toEqual(['os.release', 'kernel']);
    expect(times.fault).toBeNull();
  });
});

it('knows the pages by name, and shows the first for any other', () =>
  expect(['runs', 'nonsense', null].map(nodeTab)).toEqual(['runs', 'facts', 'facts']));
