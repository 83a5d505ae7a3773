import { expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { RetentionSettingsState } from './retention-settings-state.svelte.ts';

async function opened() {
  const rig = createWindowRig();
  const state = new RetentionSettingsState(rig.bridge);
  await rig.settled();
  return { ...rig, state };
}

it('shows what is set, and takes nothing for a change that is none', async () => {
  const { state } = await opened();
  expect(state.found).toMatchObject({ keepDays: 90, evidence: true });
  expect([state.isLimited, state.days, state.isChanged]).toEqual([true, '90', false]);
  state.typeDays('0');
  expect([state.choice, state.isChanged]).toEqual([null, true]);
  for (const days of ['', 'x', '-3', '1.5', '36501']) {
    state.typeDays(days);
    expect(state.choice, days).toBeNull();
  }
  state.limit(false);
  expect(state.choice).toEqual({ keepDays: null, evidence: true });
});

it('asks before runs move, and saves at once where none does', async () => {
  const { state, settled } = await opened();
  state.typeDays('30');
  await state.save();
  expect(state.moving).toBe(412);
  expect(state.found?.keepDays).toBe(90);
  state.leave();
  expect([state.moving, state.isChanged]).toEqual([null, true]);
  await state.save();
  await state.confirm();
  await settled();
  expect([state.moving, state.isSaved, state.found?.keepDays]).toEqual([null, true, 30]);
  state.limit(false);
  state.keepEvidence(false);
  expect(state.isSaved).toBe(false);
  await state.save();
  expect(state.found).toMatchObject({ keepDays: null, evidence: false });
  expect(state.isSaved).toBe(true);
});

it('says why it could not be saved, and leaves what was typed', async () => {
  const { state, engine } = await opened();
  state.typeDays('400');
  engine.isGone = true;
  await state.save();
  expect(state.fault?.code).toBe('bridge.unreachable');
  expect([state.days, state.isSaved]).toEqual(['400', false]);
});
