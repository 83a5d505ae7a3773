import { expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { JoinsState } from './joins-state.svelte.ts';

it('JoinsState lists who waits, approves, replaces deliberately, rejects, and tells why it cannot', async () => {
  const rig = createWindowRig();
  rig.engine.joins.isSilent = true;
  const joins = new JoinsState(rig.bridge, rig.clock);
  await rig.settled();
  expect(joins.fault?.code).toBe('authority.silent');
  expect(joins.waiting).toBeNull();
  rig.engine.joins.isSilent = false;
  await joins.read();
  expect(joins.fault).toBeNull();
  const [web, db, carol] = joins.waiting ?? [];
  if (web === undefined || db === undefined || carol === undefined) throw new Error('three wait');
  await joins.approve(web);
  expect(joins.decided).toMatchObject({ name: 'web31.example.com', decision: 'approved' });
  await joins.approve(db);
  expect(joins.decided).toMatchObject({ name: 'db02.example.com', decision: 'approved' });
  await joins.reject(carol);
  expect(joins.decided).toMatchObject({ name: 'carol', decision: 'rejected' });
  expect(joins.waiting).toEqual([]);
  await joins.reject(carol);
  expect(joins.fault?.code).toBe('join.unknown_request');
  rig.engine.joins.waiting.push(web);
  rig.clock.move(10_000);
  await rig.settled();
  expect(joins.waiting).toEqual([web]);
  // That nobody could be rejected stays to be read.
  expect(joins.fault?.code).toBe('join.unknown_request');
  await joins.reject(web);
  expect(joins.fault).toBeNull();
  joins.dispose();
  expect(rig.clock.pending).toBe(0);
});
