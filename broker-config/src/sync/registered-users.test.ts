import type { IssuedRecord } from '@muster/runtime/authority';
import { expect, test } from 'vitest';
import { registeredUsers } from './registered-users.ts';

const nowMs = Date.parse('2026-06-01T00:00:00Z');
const record = (name: string, more: Partial<IssuedRecord> = {}): IssuedRecord => ({
  serial: name,
  role: 'node',
  name,
  fingerprint: '',
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2026-12-31T00:00:00Z',
  at: '2026-01-01T00:00:00Z',
  revoked: null,
  ...more,
});
const revoked = { at: '2026-05-01T00:00:00Z', reason: 'key-compromise' } as const;
const userOf = (name: string, role = 'node'): string => `CN=${name},OU=${role},O=Muster`;

test('who holds a good certificate may connect, and who holds none no longer', () => {
  const { living, gone, nextExpiryMs } = registeredUsers(
    [
      record('good'),
      record('good', { role: 'person', notAfter: '2026-07-01T00:00:00Z' }),
      record('over', { notAfter: '2026-06-01T00:00:00Z' }),
      record('taken', { revoked }),
      record('b1', { role: 'broker' }),
    ],
    nowMs,
  );
  expect([...living.keys()]).toEqual([userOf('good'), userOf('good', 'person')]);
  expect([...gone]).toEqual([userOf('over'), userOf('taken')]);
  expect(nextExpiryMs).toBe(Date.parse('2026-07-01T00:00:00Z'));
});

test('who has another good certificate stays, and connections from before the revocation do not', () => {
  const { living, gone, stale } = registeredUsers([record('web1', { revoked }), record('web1')], nowMs);
  expect([...living.keys()]).toEqual([userOf('web1')]);
  expect(gone.size).toBe(0);
  expect(stale).toEqual([{ user: userOf('web1'), openedBeforeMs: Date.parse(revoked.at) }]);
});
