import { describe, expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { reasonComplaint } from './disable-reason.ts';
import { PuppetActsState } from './puppet-acts-state.svelte.ts';

async function openActs() {
  const rig = createWindowRig(12);
  const acts = new PuppetActsState(rig.bridge);
  await rig.settled();
  return { ...rig, acts, names: rig.engine.nodes.slice(0, 3).map(({ identity }) => identity) };
}

describe('PuppetActsState', () => {
  it('disables by an ordinary run and follows it to its end', async () => {
    const { acts, engine, names, clock, settled } = await openActs();
    expect(await acts.start('disable', names, { message: 'Rollback' })).toBe(true);
    await settled();
    const [run] = engine.runs;
    expect(run?.order).toMatchObject({
      agent: 'puppet',
      action: 'disable',
      inputs: { message: 'Rollback' },
      target: { kind: 'nodes', identities: names },
    });
    expect(acts.isDone).toBe(false);
    run?.advance(3, clock.now());
    engine.changed();
    await settled();
    expect(acts.isDone).toBe(true);
    const { ok, bad, silent } = acts.outcome;
    expect(ok + bad + silent).toBe(3);
    acts.dismiss();
    expect(acts.deed).toBeNull();
  });

  it('says why nothing was started', async () => {
    const { acts, engine, names } = await openActs();
    engine.isGone = true;
    expect(await acts.start('enable', names, {})).toBe(false);
    expect(acts.fault?.code).toBe('bridge.unreachable');
    acts.forgive();
    expect(acts.fault).toBeNull();
  });

  it('knows what the agent takes', async () => {
    const { acts } = await openActs();
    expect(acts.isMissing).toBe(false);
    expect(Object.keys(acts.action('runonce')?.inputs ?? {})).toContain('noop');
  });
});

it('wants a reason that the agent takes', async () => {
  const { acts } = await openActs();
  const input = acts.action('disable')?.inputs['message'];
  expect(reasonComplaint(input, '')).toMatch(/why/);
  expect(reasonComplaint(input, 'Disk is being replaced')).toBeNull();
  expect(reasonComplaint(input, 'x'.repeat(121))).toBe('At most 120 characters');
  expect(reasonComplaint(input, 'a; reboot')).toMatch(/^Must be free of/);
});
