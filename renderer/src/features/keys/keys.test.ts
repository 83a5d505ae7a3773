import { expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { KeysState } from './keys-state.svelte.ts';
import { daysLeft, validityOf } from './validity.ts';

const dayMs = 86_400_000;

it('KeysState reads certificates, and tells why they cannot be read', async () => {
  const rig = createWindowRig();
  rig.engine.isGone = true;
  const keys = new KeysState(rig.bridge);
  await rig.settled();
  expect(keys.fault?.code).toBe('bridge.unreachable');
  rig.engine.isGone = false;
  await keys.read();
  expect(keys.fault).toBeNull();
  const nowMs = rig.clock.now();
  expect(keys.guard?.certificates.map((one) => [one.use, one.name, validityOf(one, nowMs)])).toEqual([
    ['own', 'alice', 'soon'],
    ['authority', 'Example Ltd', 'valid'],
    ['authority', 'Example Ltd, before 2024', 'expired'],
  ]);
});

it.each([
  [-1, 'early', 365],
  [0, 'valid', 364],
  [335 * dayMs - 1, 'valid', 30],
  [335 * dayMs, 'soon', 29],
  [365 * dayMs, 'expired', -1],
] as const)('%i ms into a certificate of a year it is %s, with %i days left', (sinceMs, validity, left) => {
  const certificate = {
    use: 'own',
    role: 'person',
    name: 'alice',
    notBeforeMs: 1_700_000_000_000,
    notAfterMs: 1_700_000_000_000 + 365 * dayMs - 1,
    fingerprint: '00',
  } as const;
  const nowMs = certificate.notBeforeMs + sinceMs;
  expect(validityOf(certificate, nowMs)).toBe(validity);
  expect(daysLeft(certificate.notAfterMs, nowMs)).toBe(left);
});
