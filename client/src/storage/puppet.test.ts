import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PuppetRun, RunallSummary } from '@muster/protocol/bridge';
import { unwrap } from '@muster/protocol/errors';
import { openTestStorage, type TestStorage } from '../../../test/support/client/open-test-storage.ts';
import { newNode } from '../puppet/runall-node.ts';
import { tally } from '../puppet/tally.ts';
import type { PuppetNews } from './stores/puppet.ts';
import type { Storage } from './storage.ts';

let database: TestStorage;
let storage: Storage;

beforeEach(async () => {
  database = await openTestStorage();
  ({ storage } = database);
});
afterEach(() => database.close());

const runallId = 'a'.repeat(32);
const runallOf = (more: Partial<RunallSummary> = {}): RunallSummary => ({
  runallId,
  person: 'alice',
  collective: 'muster',
  target: { kind: 'group', name: 'web', resolved: { identities: ['web01'], filter: null } },
  limit: { size: { unit: 'nodes', amount: 2 }, method: 'random', seed: 7 },
  concurrency: 3,
  options: { tags: 'a,b', noop: true },
  rerunMs: 5000,
  state: 'running',
  isConducted: true,
  fault: null,
  iteration: 1,
  startedAtMs: 1,
  iterationStartedAtMs: 2,
  nextIterationAtMs: null,
  finishedAtMs: null,
  ...tally([]),
  revision: 1,
  ...more,
});
const run = (more: Partial<PuppetRun> = {}): PuppetRun => ({
  result: 'ok',
  failed: 0,
  changed: 0,
  corrected: null,
  outOfSync: 0,
  total: 9,
  totalTime: 1.5,
  configRetrievalTime: null,
  configVersion: '17',
  atMs: 9000,
  ...more,
});
const begin = async (more: Partial<RunallSummary> = {}) => {
  unwrap(await storage.beat('first', 1000));
  unwrap(await storage.insertRunall(runallOf(more), 'first'));
};
const get = async () => unwrap(await storage.getRunall(runallId));

describe('a runall', () => {
  it('is kept as it is, with its nodes', async () => {
    await begin();
    expect(await get()).toEqual(runallOf());
    const waiting = newNode('web02', 1);
    const done = {
      ...newNode('web01', 0),
      state: 'done',
      requestId: 'f',
      initiatedAt: 5,
      askedAtMs: 4,
      run: run(),
    } as const;
    const nodes = [waiting, done];
    const summary = runallOf({ ...tally(nodes), fault: { code: 'broker.closed', message: 'away' } });
    expect(unwrap(await storage.recordRunall({ summary, nodes }, 'first'))).toBe(2);
    expect(await get()).toEqual({ ...summary, revision: 2 });
    const claimed = unwrap(await storage.claimRunall(runallId, 'first'));
    expect(claimed).toMatchObject({ wish: 'go', nodes: [done, waiting] });
    const turn = { by: 'turn', descending: false };
    const listed = await storage.listRunallNodes({
      runallId,
      states: ['done'],
      search: '01',
      sort: turn,
      offset: 0,
      limit: 9,
    });
    expect(unwrap(listed)).toMatchObject({ total: 1, rows: [{ identity: 'web01', run: run() }] });
    unwrap(await storage.recordRunall({ summary, nodes: [newNode('db1', 0)], anew: true }, 'first'));
    expect(unwrap(await storage.claimRunall(runallId, 'first')).nodes).toEqual([newNode('db1', 0)]);
  });

  it('has one conductor at a time, which another follows when it is gone', async () => {
    await begin();
    unwrap(await storage.beat('second', 1000));
    expect(await storage.claimRunall(runallId, 'second')).toMatchObject({ error: { code: 'runall.taken' } });
    unwrap(await storage.forgetConsole('first'));
    expect(await get()).toMatchObject({ isConducted: false, state: 'running' });
    unwrap(await storage.claimRunall(runallId, 'second'));
    expect(await storage.recordRunall({ summary: runallOf(), nodes: [] }, 'first')).toMatchObject({
      error: { code: 'runall.taken' },
    });
    // Who has lost it cannot give it away.
    unwrap(await storage.releaseRunall(runallId, 'first'));
    expect(await get()).toMatchObject({ isConducted: true });
    unwrap(await storage.releaseRunall(runallId, 'second'));
    expect(await get()).toMatchObject({ isConducted: false });
  });

  it('takes wishes until it has ended, and none against a cancellation', async () => {
    await begin();
    expect(unwrap(await storage.wishRunall(runallId, 'pause')).state).toBe('running');
    expect(unwrap(await storage.runallWish(runallId))).toBe('pause');
    unwrap(await storage.releaseRunall(runallId, 'first'));
    expect(unwrap(await storage.wishRunall(runallId, 'pause')).state).toBe('paused');
    unwrap(await storage.wishRunall(runallId, 'cancel'));
    unwrap(await storage.wishRunall(runallId, 'cancel'));
    const ended = { error: { code: 'runall.ended' } };
    expect(await storage.wishRunall(runallId, 'go')).toMatchObject(ended);
    unwrap(await storage.claimRunall(runallId, 'first'));
    unwrap(
      await storage.recordRunall({ summary: runallOf({ state: 'cancelled', finishedAtMs: 9 }), nodes: [] }, 'first'),
    );
    expect(await storage.wishRunall(runallId, 'cancel')).toMatchObject(ended);
    expect(await storage.claimRunall(runallId, 'first')).toMatchObject(ended);
    expect(await storage.getRunall('b'.repeat(32))).toMatchObject({ error: { code: 'runall.unknown' } });
  });
});

describe('the overview', () => {
  const status = (more: Partial<NonNullable<PuppetNews['status']>> = {}) => ({
    state: 'stopped' as const,
    applying: false,
    daemonPresent: false,
    disableMessage: '',
    lastRunAtMs: null,
    ...more,
  });
  const look = async (more: Partial<Parameters<Storage['puppetOverview']>[0]> = {}) => {
    const sort = { by: 'identity', descending: false };
    return unwrap(
      await storage.puppetOverview({ filter: '', states: [], search: '', sort, offset: 0, limit: 50, ...more }),
    );
  };
  const names = async (more: Partial<Parameters<Storage['puppetOverview']>[0]>) =>
    (await look(more)).rows.map(({ identity }) => identity);

  beforeEach(async () => {
    unwrap(
      await storage.notePuppet([
        { identity: 'a', atMs: 10, status: status({ lastRunAtMs: 500 }), run: run({ failed: 2, result: 'failed' }) },
        { identity: 'b', atMs: 10, status: status({ state: 'disabled', disableMessage: '100% why' }), run: null },
        {
          identity: 'c',
          atMs: 10,
          status: status({ state: 'idling', daemonPresent: true }),
          run: run({ failed: 5, result: 'failed' }),
        },
        { identity: 'd', atMs: 10, problem: 'no answer' },
      ]),
    );
  });

  it('counts, finds and sorts what nodes told', async () => {
    expect(await look()).toMatchObject({
      total: 4,
      counts: {
        states: { applying: 0, idling: 1, stopped: 1, disabled: 1, unknown: 1 },
        daemons: 1,
        failing: 2,
        changed: 0,
        silent: 1,
      },
      refreshedAtMs: null,
    });
    expect(await names({ sort: { by: 'failed', descending: true } })).toEqual(['c', 'a', 'b', 'd']);
    expect(await names({ sort: { by: 'failed', descending: false } })).toEqual(['a', 'c', 'b', 'd']);
    expect(await names({ states: ['disabled', 'unknown'] })).toEqual(['b', 'd']);
    expect(await names({ search: '100%' })).toEqual(['b']);
    expect(await names({ sort: { by: 'constructor', descending: false } })).toEqual(['a', 'b', 'c', 'd']);
    expect(await names({ offset: 1, limit: 2 })).toEqual(['b', 'c']);
  });

  it('keeps what was told beside a problem, takes the problem back with the next status, and leaves older news', async () => {
    unwrap(await storage.notePuppet([{ identity: 'a', atMs: 20, problem: 'no answer' }]));
    expect((await look()).rows[0]).toMatchObject({ state: 'stopped', problem: 'no answer', toldAtMs: 10 });
    unwrap(
      await storage.notePuppet([{ identity: 'a', atMs: 30, status: status({ state: 'applying', applying: true }) }]),
    );
    unwrap(await storage.notePuppet([{ identity: 'a', atMs: 25, status: status() }]));
    expect((await look()).rows[0]).toMatchObject({ state: 'applying', problem: '', toldAtMs: 30, run: { failed: 2 } });
  });

  it('has nodes of the inventory that have the agent, and keeps to a filter', async () => {
    const digest = 'a'.repeat(64);
    const digests = { facts: digest, classes: digest, agents: digest, collectives: digest };
    const nodeOf = (identity: string, agents: readonly string[], facts: Record<string, string>) => ({
      identity,
      atMs: 1,
      agentVersion: '1',
      clockSkewMs: 0,
      digests,
      collectives: ['muster'],
      facts,
      classes: [],
      agents,
    });
    unwrap(
      await storage.storeNodes([
        nodeOf('a', ['puppet'], { os: 'Debian' }),
        nodeOf('new', ['puppet'], { os: 'Debian' }),
        nodeOf('bare', ['rpcutil'], { os: 'Debian' }),
        nodeOf('b', ['puppet'], { os: 'RedHat' }),
      ]),
    );
    expect(await names({ filter: 'os=Debian' })).toEqual(['a', 'new']);
    expect(await names({ filter: 'os=Debian or os=RedHat' })).toEqual(['a', 'b', 'new']);
    expect(await names({})).toEqual(['a', 'b', 'c', 'd', 'new']);
    expect((await look({ filter: 'os=Debian' })).rows[1]).toMatchObject({
      state: 'unknown',
      toldAtMs: null,
      run: null,
    });
    const sort = { by: 'identity', descending: false };
    const broken = { filter: 'os=', states: [], search: '', sort, offset: 0, limit: 5 };
    expect(await storage.puppetOverview(broken)).toMatchObject({ ok: false });
  });

  it('grows a revision with each change, and remembers when the fleet was asked', async () => {
    const before = unwrap(await storage.puppetRevision());
    unwrap(await storage.notePuppetRefresh(77));
    expect((await look()).refreshedAtMs).toBe(77);
    await begin();
    expect(unwrap(await storage.puppetRevision())).toBe(before + 2);
  });
});
