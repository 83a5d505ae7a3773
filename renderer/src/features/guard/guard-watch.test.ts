import { expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { GuardWatch } from './guard-watch.svelte.ts';

it('GuardWatch follows the lock, and opens it with the right passphrase', async () => {
  const rig = createWindowRig();
  const watch = new GuardWatch(rig.bridge, rig.clock);
  expect([watch.isOpen, watch.isLocked]).toEqual([false, false]);
  await rig.settled();
  expect([watch.isOpen, watch.status?.person]).toEqual([true, 'alice']);
  await watch.lock();
  await rig.settled();
  expect(watch.isLocked).toBe(true);
  expect(await rig.bridge.call('session.get', {})).toMatchObject({ error: { code: 'console.locked' } });
  await watch.unlock('wrong', true);
  expect([watch.refusal?.code, watch.isLocked]).toEqual(['key.wrong_passphrase', true]);
  await watch.unlock(rig.engine.guard.passphrase, true);
  await rig.settled();
  expect([watch.refusal, watch.isOpen, watch.status?.remembering]).toEqual([null, true, 'yes']);
  watch.forget();
  watch.turnReadOnly();
  await rig.settled();
  expect([watch.status?.remembering, watch.isReadOnly]).toEqual(['no', true]);
  watch.dispose();
});

it('GuardWatch tells of a hand on the window, now and then, and never while it is locked', async () => {
  const rig = createWindowRig();
  const touches = () => rig.engine.calls.filter((name) => name === 'guard.touch').length;
  const watch = new GuardWatch(rig.bridge, rig.clock);
  watch.touch();
  await rig.settled();
  expect(touches()).toBe(0);
  for (let passed = 0; passed < 60_000; passed += 1000) {
    watch.touch();
    rig.clock.move(1000);
  }
  await rig.settled();
  expect(touches()).toBe(3);
  await watch.lock();
  await rig.settled();
  rig.clock.move(60_000);
  watch.touch();
  await rig.settled();
  expect(touches()).toBe(3);
  watch.dispose();
});
