import { expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { NoticesState } from './notices-state.svelte.ts';

const corrupt = {
  code: 'storage.corrupt',
  message: 'The database was damaged and is set aside',
  mend: 'What could be read was saved.',
  atMs: 0,
} as const;
const full = {
  noticeId: null,
  code: 'storage.full',
  message: 'The disk is full',
  mend: 'Make room.',
  atMs: 1,
} as const;

it('NoticesState shows what comes until somebody dismisses it, and what is so until it is over', async () => {
  const rig = createWindowRig();
  rig.engine.notices = [{ ...corrupt, noticeId: 7 }];
  const state = new NoticesState(rig.bridge);
  await rig.settled();
  expect(state.notices.map(({ noticeId }) => noticeId)).toEqual([7]);
  rig.engine.notices = [...rig.engine.notices, full];
  rig.engine.changed();
  await rig.settled();
  expect(state.notices.map(({ code }) => code)).toEqual(['storage.corrupt', 'storage.full']);
  await state.dismiss(7);
  expect(state.notices).toEqual([full]);
  expect(rig.engine.notices).toEqual([full]);
  rig.engine.notices = [];
  rig.engine.changed();
  await rig.settled();
  expect(state.notices).toEqual([]);
  state.dispose();
});
