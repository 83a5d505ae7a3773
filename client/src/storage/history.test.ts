import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunQuery, RunSummary } from '@muster/protocol/bridge';
import { unwrap } from '@muster/protocol/errors';
import { openTestStorage, type TestStorage } from '../../../test/support/client/open-test-storage.ts';
import { runIdOf, sampleAnswer, sampleRun } from '../../../test/support/client/storage-samples.ts';
import { importRuns } from '../database/index.ts';
import type { Storage } from './storage.ts';

let database: TestStorage;
let storage: Storage;

beforeEach(async () => {
  database = await openTestStorage();
  ({ storage } = database);
});
afterEach(() => database.close());

/** Stores a run of some nodes, of which the last did not answer ok where `failures` says so. */
async function store(
  number: number,
  more: Partial<RunSummary> = {},
  nodes: readonly string[] = ['web1'],
): Promise<void> {
  const summary = sampleRun(runIdOf(number), { startedAtMs: number * 100, ...more });
  unwrap(await storage.insertRun(summary, 'console'));
  unwrap(await storage.recordRun({ summary, answers: nodes.map((node) => sampleAnswer(node)) }, 'console'));
}

const found = async (query: Partial<RunQuery> = {}) =>
  unwrap(await storage.listRuns({ search: '', ...query, offset: 0, limit: 50 })).runs.map(({ runId }) =>
    parseInt(runId, 16),
  );

describe('which runs are listed', () => {
  beforeEach(async () => {
    await store(1, { person: 'alice' }, ['web1', 'db1']);
    await store(2, { person: 'bob', agent: 'service', action: 'restart', states: { ok: 3, failed: 1 } }, ['db1']);
    await store(3, { state: 'running', finishedAtMs: null, agent: 'service', action: 'status' }, ['web1']);
    await store(4, { target: { kind: 'group', name: 'Prod', resolved: { identities: ['web9'], filter: 'site=ham' } } });
  });

  it.each<[string, Partial<RunQuery>, readonly number[]]>([
    ['all, newest first', {}, [4, 3, 2, 1]],
    ['by agent', { agent: 'service' }, [3, 2]],
    ['by action', { agent: 'service', action: 'restart' }, [2]],
    ['by person', { person: 'bob' }, [2]],
    ['by node', { node: 'db1' }, [2, 1]],
    ['by a node that had no part', { node: 'db9' }, []],
    ['by time', { sinceMs: 200, untilMs: 400 }, [3, 2]],
    ['by state', { states: ['running', 'failed'] }, [3]],
    ['with failures', { hasFailures: true }, [2]],
    ['by a name in the target', { search: 'prod' }, [4]],
    ['by what the name meant', { search: 'site=' }, [4]],
    ['by agent and action as they are read', { search: 'service res' }, [2]],
    ['by the beginning of an id', { search: '0000' }, [4, 3, 2, 1]],
    ['by all at once', { agent: 'service', node: 'db1', person: 'bob', sinceMs: 100, search: 'restart' }, [2]],
    ['without a wildcard', { search: '%' }, []],
  ])('%s', async (_what, query, runs) => expect(await found(query)).toEqual(runs));

  it('counts all that match, and gives a slice', async () => {
    const slice = unwrap(await storage.listRuns({ search: '', offset: 1, limit: 2 }));
    expect([slice.total, slice.runs.map(({ startedAtMs }) => startedAtMs)]).toEqual([4, [300, 200]]);
  });

  it('tells what there is to choose from', async () => {
    const { actions, people } = unwrap(await storage.runChoices());
    expect(actions[0]).toEqual({ agent: 'rpcutil', action: 'ping', runs: 2 });
    expect(actions.map(({ action }) => action)).toEqual(['ping', 'restart', 'status']);
    expect(people).toEqual([
      { person: 'alice', runs: 3 },
      { person: 'bob', runs: 1 },
    ]);
  });
});

describe('notes', () => {
  it('say who wrote what when, are found, and can be removed', async () => {
    await store(1);
    await store(2);
    unwrap(await storage.annotateRun(runIdOf(1), 'alice', 'before the upgrade', 10));
    const { notes } = unwrap(await storage.annotateRun(runIdOf(1), 'bob', 'looks fine', 20));
    expect(notes.map(({ person, text, atMs }) => [person, text, atMs])).toEqual([
      ['alice', 'before the upgrade', 10],
      ['bob', 'looks fine', 20],
    ]);
    expect(await found({ search: 'UPGRADE' })).toEqual([1]);
    const [, listed] = unwrap(await storage.listRuns({ search: '', offset: 0, limit: 9 })).runs;
    expect(listed).toMatchObject({ notes: 2, lastNote: 'looks fine', pin: null });
    const left = unwrap(await storage.removeRunNote(runIdOf(1), notes[0]?.noteId ?? 0));
    expect(left.notes.map(({ text }) => text)).toEqual(['looks fine']);
    // A note goes with its own run only.
    unwrap(await storage.removeRunNote(runIdOf(2), left.notes[0]?.noteId ?? 0));
    expect(unwrap(await storage.runMarks(runIdOf(1))).notes).toHaveLength(1);
    expect(await storage.annotateRun(runIdOf(9), 'bob', 'x', 1)).toMatchObject({ error: { code: 'run.unknown' } });
  });
});

describe('pins', () => {
  it('keep a run out of the archive, whatever its age', async () => {
    await store(1);
    await store(2);
    const archive = join(database.folder, 'archive');
    unwrap(await storage.pinRuns([runIdOf(1)], 'alice', 7));
    expect(unwrap(await storage.runMarks(runIdOf(1))).pin).toEqual({ person: 'alice', atMs: 7 });
    expect(await found({ isPinned: true })).toEqual([1]);
    expect(unwrap(await storage.archiveOldestRun(archive, 1e6, 1e6))).toBe(true);
    expect(unwrap(await storage.archiveOldestRun(archive, 1e6, 1e6))).toBe(false);
    expect(await found()).toEqual([1]);
    unwrap(await storage.pinRuns([runIdOf(1)], null, 8));
    expect(unwrap(await storage.archiveOldestRun(archive, 1e6, 1e6))).toBe(true);
  });

  it('stay with whoever set them first, and are set on all or none', async () => {
    await store(1);
    unwrap(await storage.pinRuns([runIdOf(1)], 'alice', 7));
    unwrap(await storage.pinRuns([runIdOf(1)], 'bob', 9));
    expect(unwrap(await storage.runMarks(runIdOf(1))).pin).toEqual({ person: 'alice', atMs: 7 });
    await store(2);
    expect(await storage.pinRuns([runIdOf(2), runIdOf(3)], 'bob', 9)).toMatchObject({ error: { code: 'run.unknown' } });
    expect(await found({ isPinned: true })).toEqual([1]);
  });
});

describe('removing runs', () => {
  it('hides them everywhere, can be taken back, and spares what is pinned or open', async () => {
    await store(1);
    await store(2);
    await store(3, { state: 'running', finishedAtMs: null });
    unwrap(await storage.pinRuns([runIdOf(2)], 'alice', 7));
    const ids = [1, 2, 3, 4].map(runIdOf);
    expect(unwrap(await storage.removeRuns(ids, 50))).toEqual({
      removed: [runIdOf(1)],
      kept: [
        { runId: runIdOf(2), code: 'run.pinned' },
        { runId: runIdOf(3), code: 'run.not_ended' },
        { runId: runIdOf(4), code: 'run.unknown' },
      ],
    });
    expect(await found()).toEqual([3, 2]);
    const gone = { error: { code: 'run.unknown' } };
    expect(await storage.getRun(runIdOf(1))).toMatchObject(gone);
    expect(await storage.getResult(runIdOf(1), 'web1')).toMatchObject(gone);
    expect(await storage.getRunAction(runIdOf(1))).toMatchObject(gone);
    expect(await storage.runMarks(runIdOf(1))).toMatchObject(gone);
    expect(unwrap(await storage.runChoices()).people).toEqual([{ person: 'alice', runs: 2 }]);
    expect(unwrap(await storage.restoreRuns(ids))).toEqual([runIdOf(1)]);
    expect(await found()).toEqual([3, 2, 1]);
    expect(unwrap(await storage.getResult(runIdOf(1), 'web1')).state).toBe('ok');
  });

  it('deletes them for good after their time, but not while nodes may still answer, nor to the archive', async () => {
    await store(1);
    const summary = sampleRun(runIdOf(2), { startedAtMs: 200 });
    unwrap(await storage.insertRun(summary, 'console'));
    unwrap(await storage.recordRun({ summary, answersUntilMs: 500 }, 'console'));
    unwrap(await storage.removeRuns([runIdOf(1), runIdOf(2)], 50));
    const archive = join(database.folder, 'archive');
    expect(unwrap(await storage.archiveOldestRun(archive, 1e6, 1e6))).toBe(false);
    expect(existsSync(archive)).toBe(false);
    expect(unwrap(await storage.deleteRemovedRun(50, 100))).toBe(false);
    expect(unwrap(await storage.deleteRemovedRun(51, 100))).toBe(true);
    expect(unwrap(await storage.deleteRemovedRun(51, 100))).toBe(false);
    expect(unwrap(await storage.deleteRemovedRun(51, 500))).toBe(true);
    expect(unwrap(await storage.restoreRuns([runIdOf(1), runIdOf(2)]))).toEqual([]);
  });
});

it('brings notes back from the archive', async () => {
  await store(1);
  unwrap(await storage.annotateRun(runIdOf(1), 'alice', 'keep me', 10));
  const archive = join(database.folder, 'archive');
  expect(unwrap(await storage.archiveOldestRun(archive, 1e6, 1e6))).toBe(true);
  expect(await found()).toEqual([]);
  const [file = ''] = await readdir(join(archive, '1970-01'));
  unwrap(
    await importRuns(join(database.folder, 'muster.db'), [join(archive, '1970-01', file)], {
      skipDamaged: false,
      nowMs: 1000,
      signal: new AbortController().signal,
    }),
  );
  expect(unwrap(await storage.runMarks(runIdOf(1))).notes).toMatchObject([
    { person: 'alice', text: 'keep me', atMs: 10 },
  ]);
});
