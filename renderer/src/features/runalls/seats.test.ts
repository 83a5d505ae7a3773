import type { RunallNode } from '@muster/protocol/bridge';
import { expect, it } from 'vitest';
import { seat, type Seats } from './seats.ts';

const node = (identity: string): RunallNode => ({
  identity,
  state: 'running',
  reason: null,
  detail: '',
  askedAtMs: null,
  begunAtMs: null,
  endedAtMs: null,
  misses: 0,
  run: null,
});
const names = (seats: Seats) => seats.map((one) => one?.identity ?? '-').join(' ');

it('keeps nodes in their slots and fills the free ones in turn', () => {
  const first = seat([], [node('a'), node('b'), node('c')], 4);
  expect(names(first)).toBe('a b c -');
  const second = seat(first, [node('c'), node('d'), node('a')], 4);
  expect(names(second)).toBe('a d c -');
  // More than may run at once: others started Puppet there.
  expect(names(seat(second, [node('e'), node('c')], 1))).toBe('e c');
  expect(names(seat(second, [], 2))).toBe('- -');
});
