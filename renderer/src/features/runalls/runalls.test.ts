import { describe, expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { PuppetActsState } from '../puppet-acts/puppet-acts-state.svelte.ts';
import { RunallDraftState } from './runall-draft-state.svelte.ts';
import { RunallListState } from './runall-list-state.svelte.ts';
import { isInterrupted, runallInWords, slotsInUse } from './runall-figures.ts';
import { RunallState } from './runall-state.svelte.ts';

const everybody = { kind: 'filter', filter: '' } as const;

async function begin(concurrency = 4) {
  const rig = createWindowRig(40);
  const started = await rig.bridge.call('runalls.start', { target: everybody, concurrency, options: {} });
  const runallId = started.ok ? started.value.runallId : '';
  const runall = new RunallState(rig.bridge, rig.clock, runallId);
  const step = async () => {
    rig.clock.move(500);
    rig.engine.puppet.advance();
    await rig.settled();
    rig.clock.move(500);
    await rig.settled();
  };
  await step();
  return { ...rig, runall, step, runallId };
}

describe('RunallState', () => {
  it('follows slots and nodes to the end', async () => {
    const { runall, step, engine } = await begin();
    expect(runall.slots.length).toBe(runall.summary && slotsInUse(runall.summary));
    for (let count = 0; count < 400 && engine.puppet.runalls.some(({ isGoing }) => isGoing); count++) await step();
    expect(runall.summary?.state).toBe('finished');
    expect(runall.slots).toEqual([]);
    const { states = {} } = runall.summary ?? {};
    expect((states.done ?? 0) + (states.skipped ?? 0)).toBe(40);
    expect(runall.nodes.total).toBe(40);
  });

  it('narrows its nodes down to a group of states', async () => {
    const { runall, settled } = await begin();
    runall.toggleGroup('waiting');
    await settled();
    expect(runall.nodes.total).toBe(runall.summary?.states.waiting);
    runall.toggleGroup('skipped');
    await settled();
    expect(new Set(runall.nodes.loaded.map(({ state }) => state))).toEqual(new Set(['waiting', 'skipped']));
    runall.showAll();
    await settled();
    expect(runall.nodes.total).toBe(40);
  });

  it('pauses, goes on and is cancelled', async () => {
    const { runall, step } = await begin();
    await runall.wish('pause');
    expect(runall.summary?.state).toBe('paused');
    const waiting = runall.summary?.states.waiting ?? 0;
    await step();
    expect(runall.summary?.states.waiting).toBeGreaterThanOrEqual(waiting);
    await runall.wish('resume');
    expect(runall.summary?.state).toBe('running');
    await runall.wish('cancel');
    expect(runall.summary?.states.waiting ?? 0).toBe(0);
    for (let count = 0; count < 200 && runall.summary?.state !== 'cancelled'; count++) await step();
    await runall.wish('pause');
    expect(runall.wishFault?.code).toBe('runall.ended');
  });

  it('tells an interrupted one, which can be picked up', async () => {
    const { runall, engine, settled, bridge } = await begin();
    const list = new RunallListState(bridge);
    await settled();
    expect([list.live.length, list.interrupted.length]).toEqual([1, 0]);
    const [fake] = engine.puppet.runalls;
    if (fake !== undefined) fake.isConducted = false;
    engine.puppet.changed();
    await settled();
    expect(runall.summary !== null && isInterrupted(runall.summary)).toBe(true);
    expect([list.live.length, list.interrupted.length]).toEqual([0, 1]);
    await runall.wish('resume');
    await settled();
    expect(list.live.length).toBe(1);
  });

  it('is told in words', async () => {
    const { runall } = await begin();
    expect(runall.summary && runallInWords(runall.summary)).toMatch(/^In slots|Waiting: \d+$/);
  });
});

describe('RunallDraftState', () => {
  async function draft() {
    const rig = createWindowRig(10);
    const acts = new PuppetActsState(rig.bridge);
    await rig.settled();
    return { ...rig, draft: new RunallDraftState(rig.bridge, everybody, acts.action('runonce')) };
  }

  it('leaves out what a runall decides itself', async () => {
    const { draft: one } = await draft();
    expect(one.form?.fields.map(({ key }) => key)).toEqual(['noop', 'tags', 'environment']);
  });

  it('takes only numbers that make sense', async () => {
    const { draft: one } = await draft();
    for (const wrong of ['0', '-1', '1.5', 'all', '']) {
      one.setConcurrency(wrong);
      expect([wrong, one.canStart]).toEqual([wrong, false]);
    }
    one.setConcurrency(' 20 ');
    expect([one.concurrency, one.rerunMs, one.canStart]).toEqual([20, undefined, true]);
    for (const wrong of ['0', 'often', '99999']) {
      one.setRerun(wrong);
      expect([wrong, one.canStart]).toEqual([wrong, false]);
    }
    one.setRerun('30');
    expect([one.rerunMs, one.canStart]).toEqual([1_800_000, true]);
  });

  it('starts with the options that were given', async () => {
    const { draft: one, engine } = await draft();
    one.form?.type('noop', 'true');
    one.form?.type('environment', 'no good');
    expect(await one.start()).toBeNull();
    one.form?.type('environment', 'staging');
    const runallId = await one.start();
    expect(runallId).toBe(engine.puppet.runalls[0]?.runallId);
    expect(engine.puppet.runalls[0]?.summary).toMatchObject({
      concurrency: 5,
      options: { noop: true, environment: 'staging' },
      rerunMs: null,
    });
  });
});
