import { describe, expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { LastRunLog, readLog } from './last-run-log.svelte.ts';
import { PuppetFleetState } from './puppet-fleet-state.svelte.ts';
import { PuppetNodeState } from './puppet-node-state.svelte.ts';

async function openFleet(filter = '') {
  const rig = createWindowRig(60);
  const fleet = new PuppetFleetState(rig.bridge, rig.clock);
  fleet.show(filter);
  await rig.settled();
  return { ...rig, fleet };
}

describe('PuppetFleetState', () => {
  it('counts all that match, and shows those of the states that were chosen', async () => {
    const { fleet, settled } = await openFleet();
    const counts = fleet.counts?.states;
    expect(fleet.matching).toBe(60);
    expect(fleet.rows.total).toBe(60);
    fleet.toggleState('disabled');
    await settled();
    expect(fleet.rows.total).toBe(counts?.disabled);
    expect(fleet.rows.loaded.every(({ state }) => state === 'disabled')).toBe(true);
    expect(fleet.matching).toBe(60);
    fleet.toggleState('stopped');
    await settled();
    expect(fleet.rows.total).toBe((counts?.disabled ?? 0) + (counts?.stopped ?? 0));
    fleet.showAll();
    await settled();
    expect([fleet.rows.total, fleet.isNarrowed]).toEqual([60, false]);
  });

  it('narrows down to failed runs and to silent nodes', async () => {
    const { fleet, settled } = await openFleet();
    fleet.toggleResult('failed');
    await settled();
    expect(fleet.rows.total).toBe(fleet.counts?.failing);
    expect(fleet.rows.loaded.every(({ run }) => (run?.failed ?? 0) > 0)).toBe(true);
    fleet.toggleResult('failed');
    fleet.toggleSilent();
    await settled();
    expect(fleet.rows.total).toBe(fleet.counts?.silent);
    expect(fleet.rows.loaded.every(({ problem }) => problem !== '')).toBe(true);
  });

  it('searches reasons once typing rests', async () => {
    const { fleet, clock, settled } = await openFleet();
    fleet.searchFor('Disk');
    await settled();
    expect(fleet.rows.total).toBe(60);
    clock.move(300);
    await settled();
    expect(fleet.rows.total).toBeLessThan(60);
    expect(fleet.rows.loaded.every(({ disableMessage }) => disableMessage.includes('Disk'))).toBe(true);
  });

  it('keeps to a filter, for rows and figures alike', async () => {
    const { fleet } = await openFleet('role=web');
    const told = fleet.figures?.ages.reduce((sum, { nodes }) => sum + nodes, 0) ?? 0;
    expect(fleet.rows.loaded.every(({ identity }) => identity.startsWith('web'))).toBe(true);
    expect(told + (fleet.figures?.never ?? 0) + (fleet.counts?.states.unknown ?? 0)).toBe(fleet.matching);
  });

  it('shows news of nodes without being asked', async () => {
    const { fleet, engine, settled } = await openFleet();
    const idle = fleet.rows.loaded.find(({ state }) => state === 'idling')?.identity ?? '';
    engine.puppet.obey(
      { agent: 'puppet', action: 'disable', inputs: { message: 'Rollback' }, target: { kind: 'filter', filter: '' } },
      [idle],
    );
    await settled();
    expect(fleet.rows.loaded.find(({ identity }) => identity === idle)).toMatchObject({
      state: 'disabled',
      disableMessage: 'Rollback',
    });
  });

  it('says how many answered when it asks, and why it could not', async () => {
    const { fleet, engine, settled } = await openFleet();
    await fleet.askNodes();
    expect(fleet.answered?.asked).toBe(60);
    expect(fleet.answered?.answered).toBe(60 - (fleet.counts?.silent ?? 0));
    engine.isGone = true;
    await fleet.askNodes();
    await settled();
    expect([fleet.askFault?.code, fleet.answered]).toEqual(['bridge.unreachable', null]);
  });
});

describe('the node that is open', () => {
  it('tells of its Puppet and reads the log when somebody wants to', async () => {
    const { bridge, engine, settled, clock } = createWindowRig(30);
    const [identity = ''] = [...engine.puppet.nodes].find(([, { run }]) => run !== null) ?? [];
    const node = new PuppetNodeState(bridge);
    await node.open(identity);
    expect(node.detail?.identity).toBe(identity);
    expect(engine.calls).not.toContain('runs.start');
    void node.log?.read();
    await settled();
    expect(node.log?.isReading).toBe(true);
    for (const run of engine.runs) run.advance(1, clock.now());
    engine.changed();
    await settled();
    const [answer] = engine.runs.at(-1)?.results ?? [];
    if (answer?.state === 'ok') expect(node.log?.lines?.map(({ level }) => level)).toContain('err');
    else expect(node.log?.problem).toBe(answer?.statusMessage);
    expect(node.log?.isReading).toBe(false);
  });

  it('says why the log cannot be read', async () => {
    const { bridge, engine } = createWindowRig(3);
    engine.isGone = true;
    const log = new LastRunLog(bridge, 'web01');
    await log.read();
    expect([log.fault?.code, log.isReading]).toEqual(['bridge.unreachable', false]);
  });
});

it('reads logs in the form that the agent tells them, and no other', () => {
  expect(readLog([{ level: 'err', source: '/File[/x]', msg: 'no', time: '…', time_utc: 12 }])).toEqual([
    { level: 'err', source: '/File[/x]', text: 'no', atMs: 12_000 },
  ]);
  expect(readLog([{ level: 'info', source: 'Puppet', msg: 'x' }])).toEqual([
    { level: 'info', source: '', text: 'x', atMs: null },
  ]);
  expect(readLog({})).toBeNull();
  expect(readLog([{ level: 'info' }])).toBeNull();
});
