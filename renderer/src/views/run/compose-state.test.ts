import { describe, expect, it } from 'vitest';
import { createWindowRig, type WindowRig } from '../../../test/window-rig.ts';
import { RunState } from '../../features/run-progress/run-state.svelte.ts';
import { ResultsState } from '../../features/run-results/results-state.svelte.ts';
import { RunDraftState } from '../../features/run-draft/run-draft-state.svelte.ts';
import { ComposeState } from './compose-state.svelte.ts';

function storageOf(kept = new Map<string, string>()) {
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

async function compose(rig: WindowRig, storage = storageOf()): Promise<ComposeState> {
  const state = new ComposeState(rig.bridge, rig.clock, new RunDraftState(storage));
  await rig.settled();
  state.ensureForm();
  return state;
}

async function pick(state: ComposeState, agent: string, action: string): Promise<void> {
  state.pick(agent, action);
  state.ensureForm();
  await Promise.resolve();
}

describe('ComposeState', () => {
  it('says what is missing until the order is whole', async () => {
    const rig = createWindowRig();
    const state = await compose(rig);
    expect(state.order).toBeNull();
    await pick(state, 'service', 'restart');
    expect(state.order).toBeNull();
    state.form?.type('service', 'nginx');
    expect(state.order).toMatchObject({
      inputs: { service: 'nginx', mode: 'graceful' },
      target: { kind: 'filter', filter: '' },
    });
    expect(state.command).toBe('muster rpc service restart service=nginx mode=graceful');
    state.setTimeout('-1');
    expect(state.order).toBeNull();
    state.setTimeout('1.5');
    expect(state.order?.timeoutMs).toBe(1500);
  });

  it('orders how the run goes over the fleet', async () => {
    const rig = createWindowRig();
    const state = await compose(rig);
    await pick(state, 'rpcutil', 'ping');
    expect(Object.keys(state.order ?? {})).toEqual(['agent', 'action', 'inputs', 'target']);
    state.changeRollout({ hasCanary: true, canarySize: '2', away: 'while', awayFor: '2 h' });
    expect(state.order).toMatchObject({
      rollout: { canary: { size: { unit: 'nodes', amount: 2 }, hold: true } },
      untilMs: rig.clock.now() + 7_200_000,
    });
    expect(state.planInWords).toMatch(
      /^2 canaries first, then your word, then all others at once; nodes that are away/,
    );
    expect(state.command).toBe('muster rpc rpcutil ping --canary 2 --canary-hold --until 2h');
    state.changeRollout({ canarySize: 'some' });
    expect([state.order, state.planInWords, state.command]).toEqual([null, null, null]);
    expect(Object.keys(state.rolloutFaults)).toEqual(['canarySize']);
  });

  it('asks back for what changes every node, and for nothing else', async () => {
    const rig = createWindowRig();
    const state = await compose(rig);
    await pick(state, 'rpcutil', 'ping');
    expect(state.needsConfirmation(10)).toBe(false);
    await pick(state, 'service', 'purge');
    expect(state.needsConfirmation(10)).toBe(true);
    state.filter.set('@all');
    expect(state.needsConfirmation(10)).toBe(true);
    state.filter.set('role=web');
    await rig.settled();
    const reach = state.reach ?? 0;
    expect(reach).toBeGreaterThan(1);
    expect(state.needsConfirmation(reach)).toBe(false);
    expect(state.needsConfirmation(reach - 1)).toBe(true);
  });

  it('survives a reload, but for secrets', async () => {
    const rig = createWindowRig();
    const storage = storageOf();
    const state = await compose(rig, storage);
    await pick(state, 'service', 'restart');
    state.form?.type('service', 'nginx');
    state.form?.type('passphrase', 'secret');
    state.keepTyped();
    state.filter.set('role=web');
    const again = await compose(rig, storage);
    expect(again.form?.fields.map(({ typed }) => typed)).toEqual(['nginx', 'graceful', '', '', '', '']);
    expect(again.filter.text).toBe('role=web');
  });

  it('follows the versions that the target has, and keeps what is typed', async () => {
    const rig = createWindowRig(60);
    const kept = new Map<string, string>();
    const state = await compose(rig, storageOf(kept));
    await pick(state, 'service', 'restart');
    const follow = async () => {
      state.lookAtVersions();
      await rig.settled();
      state.ensureForm();
    };
    const shown = () =>
      state.form?.fields.map(({ key, only }) => (only === null ? key : `${key} (${only.versions.join()})`));
    await follow();
    expect(state.versions.found?.versions.map(({ ddl }) => ddl.version)).toEqual(['1.2.0', '1.3.0']);
    expect(shown()?.at(-1)).toBe('drain (1.3.0)');
    state.form?.type('service', 'nginx');
    state.form?.type('passphrase', 'hunter2');
    state.keepTyped();
    const having = (version: string) =>
      rig.engine.nodes
        .filter(({ agents }) => agents.some((agent) => agent.name === 'service' && agent.version === version))
        .map(({ identity }) => identity);
    state.aim({ kind: 'nodes', identities: having('1.2.0') });
    await follow();
    expect(state.chosen?.agent.version).toBe('1.2.0');
    expect(shown()).not.toContain('drain');
    state.aim({ kind: 'nodes', identities: having('1.3.0') });
    await follow();
    expect(state.chosen?.agent.version).toBe('1.3.0');
    expect(shown()?.at(-1)).toBe('drain');
    expect(state.order?.inputs).toEqual({ service: 'nginx', mode: 'graceful', passphrase: 'hunter2' });
    expect(state.command).not.toContain('hunter2');
    expect([...kept.values()].join()).not.toContain('hunter2');
    expect(JSON.stringify([...rig.engine.preferences])).not.toContain('hunter2');
  });

  it('starts the run, whose answers arrive and can be aimed at again', async () => {
    const rig = createWindowRig();
    const state = await compose(rig);
    await pick(state, 'rpcutil', 'ping');
    const runId = await state.start();
    if (runId === null) throw new Error('the run was refused');
    const results = new ResultsState(rig.bridge, rig.clock, runId);
    const run = new RunState(rig.bridge, rig.clock, runId, () => results.noteNews());
    await rig.settled();
    expect(run.summary).toMatchObject({ expected: 30, responses: 0, state: 'running' });

    rig.engine.runs[0]?.advance(30, rig.clock.now());
    rig.engine.changed();
    await rig.settled();
    rig.clock.move(1000);
    await rig.settled();
    expect(run.isFinal).toBe(true);
    expect(results.rows.loaded.filter(({ state: one }) => one === 'ok').length).toBe(run.summary?.states.ok);
    expect(results.outputs).toEqual(['pong']);

    const aimed = await results.identitiesIn(['ok']);
    expect('identities' in aimed && aimed.identities.length).toBe(run.summary?.states.ok);
    results.toggleState('failed');
    await rig.settled();
    expect(results.rows.loaded.every(({ state: one }) => one === 'failed')).toBe(true);
    run.dispose();
    results.dispose();
  });

  it('shows why the engine refused', async () => {
    const rig = createWindowRig();
    const state = await compose(rig);
    await pick(state, 'rpcutil', 'ping');
    state.aim({ kind: 'nodes', identities: ['nobody'] });
    expect(await state.start()).toBeNull();
    expect(state.fault?.code).toBe('run.no_targets');
  });
});
