import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { openTestStorage, type TestStorage } from '../../../test/support/client/open-test-storage.ts';
import { runIdOf, sampleAnswer, sampleRun } from '../../../test/support/client/storage-samples.ts';
import type { ReadNode } from './stores/fleet.ts';
import type { Storage } from './storage.ts';

let database: TestStorage;
let storage: Storage;

beforeEach(async () => {
  database = await openTestStorage();
  ({ storage } = database);
});
afterEach(() => database.close());

const digest = (letter: string) => letter.repeat(64);

async function read(atMs: number, facts: Record<string, unknown>, more: Partial<ReadNode> = {}): Promise<void> {
  unwrap(
    await storage.storeNodes([
      {
        identity: 'web1',
        atMs,
        agentVersion: '1.0.0',
        clockSkewMs: 0,
        digests: {
          facts: digest('a'),
          classes: digest('b'),
          agents: digest('c'),
          collectives: digest('d'),
        },
        collectives: ['muster'],
        classes: ['base'],
        agents: [],
        facts,
        ...more,
      },
    ]),
  );
}

const changes = async () => unwrap(await storage.factChanges('web1'));
const differ = async (fromMs: number, toMs: number) => unwrap(await storage.factDifference('web1', fromMs, toMs));

describe('changes of facts', () => {
  it('are kept from the second time on that a node is read, hashes by what is inside', async () => {
    expect(await changes()).toEqual({ completeSinceMs: null, changes: [] });
    await read(10, { os: { name: 'Debian', release: '11' }, disks: ['sda'], up: true });
    expect(await changes()).toEqual({ completeSinceMs: 10, changes: [] });
    await read(20, { os: { name: 'Debian', release: '12' }, disks: ['sda', 'sdb'], net: { ip: '::1' } });
    expect((await changes()).changes).toEqual([
      { atMs: 20, path: 'disks', before: ['sda'], after: ['sda', 'sdb'] },
      { atMs: 20, path: 'net.ip', after: '::1' },
      { atMs: 20, path: 'os.release', before: '11', after: '12' },
      { atMs: 20, path: 'up', before: true },
    ]);
    // Classes alone are no fact, and the same facts are no change.
    await read(
      30,
      { os: { name: 'Debian', release: '12' }, disks: ['sda', 'sdb'], net: { ip: '::1' } },
      { classes: [] },
    );
    expect((await changes()).changes).toHaveLength(4);
  });

  it('tell the facts of two times apart, in both directions', async () => {
    await read(10, { version: 1, kept: 1 });
    await read(20, { version: 2, kept: 1, extra: 'x' });
    await read(30, { version: 3, kept: 1 });
    await read(40, { version: 1, kept: 1 });
    expect(await differ(10, 20)).toEqual([
      { path: 'extra', after: 'x' },
      { path: 'version', before: 1, after: 2 },
    ]);
    expect(await differ(20, 10)).toEqual([
      { path: 'extra', before: 'x' },
      { path: 'version', before: 2, after: 1 },
    ]);
    expect(await differ(10, 40)).toEqual([]);
    expect(await differ(20, 30)).toEqual([
      { path: 'extra', before: 'x' },
      { path: 'version', before: 2, after: 3 },
    ]);
  });

  it('of a fact that always changes do not drive out the others, and the history says from when on it is whole', async () => {
    await read(1, { uptime: 0, os: 'old' });
    await read(2, { uptime: 1, os: 'new' });
    for (let at = 3; at <= 30; at++) await read(at, { uptime: at, os: 'new' });
    const { completeSinceMs, changes: kept } = await changes();
    expect(kept.filter(({ path }) => path === 'uptime').map(({ atMs }) => atMs)).toEqual([
      30, 29, 28, 27, 26, 25, 24, 23,
    ]);
    expect(kept.filter(({ path }) => path === 'os')).toHaveLength(1);
    expect(completeSinceMs).toBe(22);
  });

  it('are bounded for each node, and in their age and length', async () => {
    const facts = (value: number) =>
      Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`f${index}`, value]));
    await read(1, facts(0));
    await read(2, facts(1));
    await read(3, facts(2));
    const both = await changes();
    expect([both.changes.length, both.completeSinceMs]).toEqual([200, 2]);
    const days = 90 * 86_400_000;
    await read(days + 10, { ...facts(2), text: 'y'.repeat(10_000) });
    const { changes: young } = await changes();
    expect(young.map(({ path }) => path)).toEqual(['text']);
    expect(young[0]?.after).toHaveLength(4097);
  });
});

describe('two nodes', () => {
  it('differ in facts, classes, collectives and agents', async () => {
    await read(10, { os: { name: 'Debian', release: '12' }, cpus: 4 });
    await read(
      10,
      { os: { name: 'Debian', release: '11' }, role: 'db' },
      { identity: 'db1', classes: ['base', 'role::db'], collectives: ['muster', 'eu'], agents: ['puppet'] },
    );
    expect(unwrap(await storage.compareNodes('web1', 'db1'))).toEqual({
      facts: [
        { path: 'cpus', before: 4 },
        { path: 'os.release', before: '12', after: '11' },
        { path: 'role', after: 'db' },
      ],
      sameFacts: 1,
      classes: { first: [], second: ['role::db'] },
      collectives: { first: [], second: ['eu'] },
      agents: [{ name: 'puppet', first: null, second: '' }],
    });
    expect(await storage.compareNodes('web1', 'nobody')).toMatchObject({ error: { code: 'node.unknown' } });
  });
});

it('knows which certificate signed the last answer of a node', async () => {
  expect(unwrap(await storage.lastSignedBy('web1'))).toBeNull();
  for (const [number, identity] of [
    [1, 'web1'],
    [2, 'web1'],
    [3, 'db1'],
  ] as const) {
    const summary = sampleRun(runIdOf(number), { startedAtMs: number });
    unwrap(await storage.insertRun(summary, 'console'));
    const signedBy = String(number).repeat(64);
    unwrap(await storage.recordRun({ summary, answers: [{ ...sampleAnswer(identity), signedBy }] }, 'console'));
  }
  expect(unwrap(await storage.lastSignedBy('web1'))).toEqual({ fingerprint: '2'.repeat(64), seenAtMs: 20, der: null });
});
