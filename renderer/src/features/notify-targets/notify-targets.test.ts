import type { NotifyTarget } from '@muster/protocol/bridge';
import { fail, ok } from '@muster/protocol/errors';
import { expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { NotifyTargetsState } from './notify-targets-state.svelte.ts';

const target: NotifyTarget = {
  name: 'ops',
  kind: 'webhook',
  server: 'https://hooks.example.com',
  recipients: [],
  on: ['failed'],
  isEncrypted: true,
  isSigned: true,
  waiting: 0,
  last: null,
};

it('shows the targets as they fare, and tests them one at a time', async () => {
  const rig = createWindowRig();
  const state = new NotifyTargetsState(rig.bridge);
  expect(state.targets).toBeNull();
  await rig.settled();
  expect(state.targets).toEqual([]);
  rig.engine.notifyTargets = [target];
  rig.engine.changed();
  await rig.settled();
  expect(state.targets).toEqual([target]);
  expect(state.testOf('ops')).toBeUndefined();
  const sent = state.test('ops');
  expect(state.testOf('ops')).toEqual({ kind: 'sending' });
  await state.test('ops');
  await sent;
  expect(state.testOf('ops')).toEqual({ kind: 'taken', answer: 'HTTP 204' });
  expect(rig.engine.calls.filter((name) => name === 'notify.test')).toHaveLength(1);
  rig.engine.notifyAnswer = fail('notify.refused', 'HTTP 401');
  await state.test('ops');
  expect(state.testOf('ops')).toMatchObject({ kind: 'failed', fault: { code: 'notify.refused' } });
  rig.engine.notifyAnswer = ok({ answer: 'HTTP 200' });
  await state.test('ops');
  expect(state.testOf('ops')).toEqual({ kind: 'taken', answer: 'HTTP 200' });
  state.dispose();
});
