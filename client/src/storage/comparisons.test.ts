import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunSummary } from '@muster/protocol/bridge';
import { unwrap } from '@muster/protocol/errors';
import { openTestStorage, type TestStorage } from '../../../test/support/client/open-test-storage.ts';
import { runIdOf, sampleAnswer, sampleRun } from '../../../test/support/client/storage-samples.ts';
import { createComparisons, type ComparisonOrder } from '../comparisons/index.ts';
import type { StoredAnswer } from './stores/runs.ts';
import type { Storage } from './storage.ts';

const [before, after] = [runIdOf(1), runIdOf(2)];
let database: TestStorage;
let storage: Storage;

beforeEach(async () => {
  database = await openTestStorage();
  ({ storage } = database);
});
afterEach(() => database.close());

async function store(
  number: number,
  answers: readonly StoredAnswer[],
  more: Partial<RunSummary> = {},
  silent: readonly string[] = [],
): Promise<void> {
  const summary = sampleRun(runIdOf(number), { startedAtMs: number, ...more });
  unwrap(await storage.insertRun(summary, 'console'));
  const moves = [{ from: ['queued' as const], to: 'no_answer' as const }];
  unwrap(await storage.recordRun({ summary, expected: silent, moves, answers }, 'console'));
}

const failed = (identity: string, data: object): StoredAnswer => ({
  ...sampleAnswer(identity, data),
  state: 'failed',
  statusCode: 1,
  statusMessage: 'it broke',
});

const get = async (ignore: string[] = []) => unwrap(await storage.compareRuns({ before, after, ignore }));
const nodes = async (more: object = {}) =>
  unwrap(
    await storage.comparedNodes({ before, after, ignore: [], kinds: [], search: '', offset: 0, limit: 50, ...more }),
  );
const listed = async (more: object = {}) =>
  (await nodes(more)).rows.map(({ identity, kind, fields }) => [identity, kind, ...fields]);

describe('two runs', () => {
  beforeEach(async () => {
    await store(
      1,
      [
        sampleAnswer('a-same', { version: 1, more: { x: 1, y: [1, 2] } }),
        sampleAnswer('b-order', { version: 1, more: { x: 1, y: 2 } }),
        sampleAnswer('c-changed', { version: 1, uptime: 5 }),
        sampleAnswer('d-uptime', { version: 1, uptime: 5 }),
        sampleAnswer('e-broke', { version: 1 }),
        sampleAnswer('f-gone', {}),
      ],
      {},
      ['h-silent', 'i-woke'],
    );
    await store(
      2,
      [
        sampleAnswer('a-same', { version: 1, more: { x: 1, y: [1, 2] } }),
        sampleAnswer('b-order', { more: { y: 2, x: 1 }, version: 1 }),
        { ...sampleAnswer('c-changed', { version: 2, uptime: 7, added: null }), statusMessage: 'other' },
        sampleAnswer('d-uptime', { version: 1, uptime: 9 }),
        failed('e-broke', { version: 1 }),
        sampleAnswer('g-new', {}),
        sampleAnswer('i-woke', { version: 1 }),
      ],
      {},
      ['h-silent'],
    );
  });

  it('are counted by what became of their nodes, and by the outputs that differ', async () => {
    const compared = await get();
    expect(compared).toMatchObject({
      before: { runId: before },
      after: { runId: after },
      nodes: 9,
      kinds: { state: 2, changed: 2, only_before: 1, only_after: 1, same: 3 },
    });
    expect(compared.fields).toEqual(
      [
        { field: '@code', nodes: 2 },
        { field: '@message', nodes: 3 },
        { field: 'uptime', nodes: 2 },
        { field: 'version', nodes: 2 },
        { field: 'added', nodes: 1 },
      ].sort((a, b) => b.nodes - a.nodes || (a.field < b.field ? -1 : 1)),
    );
  });

  it('are told node by node', async () => {
    expect(await listed()).toEqual([
      ['a-same', 'same'],
      ['b-order', 'same'],
      ['c-changed', 'changed', '@message', 'added', 'uptime', 'version'],
      ['d-uptime', 'changed', 'uptime'],
      ['e-broke', 'state', '@message', '@code'],
      ['f-gone', 'only_before'],
      ['g-new', 'only_after'],
      ['h-silent', 'same'],
      ['i-woke', 'state', '@message', '@code', 'version'],
    ]);
    const [row] = (await nodes({ search: 'c-ch' })).rows;
    expect(row?.before).toEqual({
      state: 'ok',
      statusCode: 0,
      statusMessage: 'OK',
      data: { version: 1, uptime: 5 },
    });
    expect(row?.after?.data).toEqual({ version: 2, uptime: 7, added: null });
    const [gone] = (await nodes({ search: 'f-gone' })).rows;
    expect([gone?.before?.state, gone?.after]).toEqual(['ok', null]);
  });

  it('can be narrowed down to kinds, an output, a name, and a slice', async () => {
    expect(await listed({ kinds: ['only_before', 'only_after'] })).toEqual([
      ['f-gone', 'only_before'],
      ['g-new', 'only_after'],
    ]);
    expect((await listed({ field: 'uptime' })).map(([identity]) => identity)).toEqual(['c-changed', 'd-uptime']);
    expect(await nodes({ kinds: ['same'], offset: 1, limit: 1 })).toMatchObject({
      total: 3,
      rows: [{ identity: 'b-order' }],
    });
  });

  it('count as the same where only what is ignored differs', async () => {
    expect((await get(['uptime'])).kinds).toMatchObject({ changed: 1, same: 4 });
    expect((await get(['uptime', 'version', '@message', 'added'])).kinds).toMatchObject({ changed: 0, same: 5 });
    expect(await listed({ ignore: ['uptime'], search: 'c-' })).toEqual([
      ['c-changed', 'changed', '@message', 'added', 'version'],
    ]);
  });

  it('are compared anew when an answer has come since', async () => {
    expect((await get()).kinds.only_before).toBe(1);
    const summary = sampleRun(after, { startedAtMs: 2, responses: 2 });
    unwrap(await storage.recordRun({ summary, answers: [sampleAnswer('f-gone', {})] }, 'console'));
    expect((await get()).kinds).toMatchObject({ only_before: 0, same: 4 });
  });

  it('keep what was compared for a few pairs, and find others again', async () => {
    for (let number = 3; number <= 8; number++) {
      await store(number, [sampleAnswer('a-same', {})]);
      unwrap(await storage.compareRuns({ before, after: runIdOf(number), ignore: [] }));
    }
    expect((await get()).nodes).toBe(9);
    expect(await storage.compareRuns({ before, after: runIdOf(99), ignore: [] })).toMatchObject({
      error: { code: 'run.unknown' },
    });
  });

  it('may be the same one twice', async () => {
    const same = unwrap(await storage.compareRuns({ before, after: before, ignore: [] }));
    expect([same.nodes, same.kinds.same]).toEqual([8, 8]);
  });
});

describe('pages of a comparison', () => {
  const names = async (order: Partial<ComparisonOrder> = {}, signal?: AbortSignal) => {
    const read: string[] = [];
    const sizes: number[] = [];
    for await (const page of createComparisons(storage).pages({ before, after, ...order }, signal)) {
      const rows = unwrap(page);
      sizes.push(rows.length);
      read.push(...rows.map(({ identity }) => identity));
    }
    return { read, sizes };
  };

  it('have every node once, in order, 500 at a time', async () => {
    const identities = Array.from({ length: 1200 }, (_, index) => `n${String(index).padStart(5, '0')}`);
    await store(
      1,
      identities.slice(0, 1100).map((identity) => sampleAnswer(identity, { x: 1 })),
    );
    await store(
      2,
      identities.slice(100).map((identity) => sampleAnswer(identity, { x: 2 })),
    );
    expect(await names()).toEqual({ read: identities, sizes: [500, 500, 200] });
    const { read } = await names({ kinds: ['only_before', 'only_after'] });
    expect(read).toEqual([...identities.slice(0, 100), ...identities.slice(1100)]);
    expect((await names({ kinds: ['changed'], ignore: ['x'] })).read).toEqual([]);
  });

  it('end when they are interrupted, and with what went wrong', async () => {
    await expect(names({ before: runIdOf(9) })).rejects.toThrow('There is no run');
    await store(1, []);
    await store(2, []);
    await expect(names({}, AbortSignal.abort())).rejects.toThrow('Interrupted');
    expect((await names()).read).toEqual([]);
  });
});

it('proposes runs of the same action, those for the same nodes first', async () => {
  await store(1, []);
  await store(2, [], { target: { kind: 'filter', filter: 'os=RedHat' } });
  await store(3, [], { action: 'other' });
  await store(4, []);
  await store(5, []);
  unwrap(await storage.removeRuns([runIdOf(5)], 9));
  const partners = unwrap(await storage.comparisonPartners(runIdOf(4)));
  expect(partners.map(({ run, isSameTarget }) => [run.startedAtMs, isSameTarget])).toEqual([
    [1, true],
    [2, false],
  ]);
});
