import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Answer, Ask } from '@muster/protocol/enrolment';
import { unwrap } from '@muster/protocol/errors';
import { createEngineBench, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import { startFakeAuthority } from '../../../test/support/client/fake-authority.ts';
import type { Engine } from '../engine/engine.ts';

const key = 'ab'.repeat(32);
const decided = { kind: 'decided', key, role: 'node', name: 'web1' } as const;

let bench: EngineBench;
let engine: Engine;
let asked: readonly Ask[];
let answer: Answer;

beforeEach(async () => {
  bench = await createEngineBench();
  engine = await bench.open();
  asked = await startFakeAuthority({ authority: bench.authority, bus: bench.nodeBus }, () => answer);
});
afterEach(() => bench.close());

/** What was written down, without its place in the chain. */
async function noted(): Promise<readonly unknown[]> {
  const text = await readFile(join(dirname(dirname(bench.file)), 'audit', 'audit-1.log'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly kind: string }) // lines of an audit are objects
    .filter(({ kind }) => kind === 'join' || kind === 'outcome');
}

it('a decision is written down before the authority hears of it, and then what came of it', async () => {
  answer = { ...decided, decision: 'approved' };
  expect(unwrap(await engine.joins.approve(key, { replace: true }))).toEqual({
    key,
    role: 'node',
    name: 'web1',
    decision: 'approved',
  });
  expect(asked).toEqual([{ kind: 'approve', key, replace: true }]);
  expect(await noted()).toMatchObject([
    { kind: 'join', caller: 'cert=alice', decision: 'approve', key, replaces: true },
    { kind: 'outcome', of: 'join', key, role: 'node', name: 'web1', decision: 'approved' },
  ]);
});

it('a decision that the authority refuses is written down as that', async () => {
  answer = { kind: 'refused', code: 'join.not_approver', message: '"alice" may not approve', mend: null };
  expect(await engine.joins.reject(key)).toMatchObject({ error: { code: 'join.not_approver' } });
  expect(await noted()).toMatchObject([
    { kind: 'join', decision: 'reject', key },
    { kind: 'outcome', of: 'join', key, code: 'join.not_approver', reason: '"alice" may not approve' },
  ]);
});

it('looking at who waits leaves no trace, and neither does a console that only reads', async () => {
  answer = { kind: 'waiting', waiting: [] };
  expect(unwrap(await engine.joins.list())).toEqual([]);
  engine.readOnly.turnOn();
  expect(await engine.joins.approve(key, { replace: false })).toMatchObject({ error: { code: 'console.read_only' } });
  await expect(noted()).rejects.toThrow('ENOENT');
});
