import { expect, it, vi } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { NotificationsState, type NotificationDesk, type Permission } from './notifications-state.svelte.ts';

function createDesk(permission: Permission, answer: Permission) {
  const shown: Parameters<NotificationDesk['show']>[0][] = [];
  const state = { isFocused: false, asked: 0 };
  const desk: NotificationDesk = {
    permission,
    ask() {
      state.asked++;
      return Promise.resolve(answer);
    },
    hasFocus: () => state.isFocused,
    show: (note) => shown.push(note),
  };
  return { desk, shown, state };
}

async function endedRun() {
  const rig = createWindowRig(4);
  await rig.bridge.call('runs.start', {
    ...{ agent: 'rpcutil', action: 'ping', inputs: {} },
    target: { kind: 'filter', filter: '' },
  });
  rig.engine.runs[0]?.advance(10, rig.clock.now());
  const { runId = '' } = rig.engine.runs[0] ?? {};
  const run = await rig.bridge.call('runs.get', { runId });
  if (!run.ok) throw new Error(run.error.message);
  return { ...rig, run: run.value };
}

it('asks for permission only when somebody wants to hear something, and remembers what', async () => {
  const { bridge, settled } = await endedRun();
  const { desk, state } = createDesk('default', 'granted');
  const notifications = new NotificationsState(bridge, desk, () => undefined);
  await settled();
  await notifications.wish({ finished: false, failed: false });
  expect(state.asked).toBe(0);
  await notifications.wish({ finished: true, failed: false });
  expect([state.asked, notifications.permission]).toEqual([1, 'granted']);
  const later = new NotificationsState(bridge, desk, () => undefined);
  await settled();
  expect(later.wishes).toEqual({ finished: true, failed: false });
});

it('tells of an end that was wished for, while the window is not in front', async () => {
  const { bridge, settled, run } = await endedRun();
  const { desk, shown, state } = createDesk('granted', 'granted');
  const onOpen = vi.fn();
  const notifications = new NotificationsState(bridge, desk, onOpen);
  await settled();
  notifications.tell(run);
  expect(shown).toEqual([]);
  await notifications.wish({ finished: true, failed: true });
  state.isFocused = true;
  notifications.tell(run);
  expect(shown).toEqual([]);
  state.isFocused = false;
  notifications.tell(run);
  notifications.tell({ ...run, state: 'stopped' });
  notifications.tell({ ...run, states: { ok: 3, failed: 1 } });
  expect(shown.map(({ tag }) => tag)).toEqual([run.runId, run.runId, run.runId]);
  expect(shown[0]?.title).toContain('rpcutil ping');
  expect(shown[2]?.body).not.toBe(shown[0]?.body);
  shown[0]?.onClick();
  expect(onOpen).toHaveBeenCalledWith(run.runId);
});

it('shows nothing that the desktop did not allow', async () => {
  const { bridge, run, settled } = await endedRun();
  const { desk, shown } = createDesk('default', 'denied');
  const notifications = new NotificationsState(bridge, desk, () => undefined);
  await settled();
  await notifications.wish({ finished: true, failed: true });
  notifications.tell(run);
  expect([notifications.permission, shown]).toEqual(['denied', []]);
});
