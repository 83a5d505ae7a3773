import { expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { connectionLook } from './connection-look.ts';
import { SessionState } from './session-state.svelte.ts';

it('follows the broker through an outage, with a countdown', async () => {
  const { bridge, clock, engine, settled } = createWindowRig();
  const session = new SessionState(bridge, clock);
  await settled();
  expect(session.isUp).toBe(true);
  expect(session.session?.person).toBe('alice');

  const reason = { code: 'broker.unreachable', message: 'No route' } as const;
  engine.connection = { status: 'down', sinceMs: clock.now(), reason, retryAtMs: clock.now() + 4000 };
  engine.changed();
  await settled();
  expect(connectionLook(session)).toMatchObject({ status: 'down', more: 'Trying again in 4 s' });
  clock.move(2500);
  expect(session.retrySeconds).toBe(2);

  engine.connection = { status: 'up', sinceMs: clock.now(), url: 'amqps://b' };
  engine.changed();
  await settled();
  expect(session.isUp).toBe(true);
  session.dispose();
  expect(clock.pending).toBe(0);
});

it('says that the engine is gone, and finds it again', async () => {
  const { bridge, clock, engine, settled } = createWindowRig();
  engine.isGone = true;
  const session = new SessionState(bridge, clock);
  await settled();
  expect(connectionLook(session).status).toBe('unreachable');
  engine.isGone = false;
  clock.move(1500);
  await settled();
  expect(session.isUp).toBe(true);
  expect(session.session?.person).toBe('alice');
  session.dispose();
});
