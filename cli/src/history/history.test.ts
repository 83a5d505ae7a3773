import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '@muster/client/engine';
import type { RunSummary } from '@muster/protocol/bridge';
import { unwrap } from '@muster/protocol/errors';
import { createEngineBench, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import { runIdOf, sampleAnswer, sampleRun } from '../../../test/support/client/storage-samples.ts';
import { runMuster } from '../program.ts';
import { memoryWorld } from '../testing/memory-surroundings.ts';

let bench: EngineBench;
let engine: Engine;

beforeEach(async () => {
  bench = await createEngineBench();
  const storage = await bench.openStorage();
  const store = async (number: number, data: readonly object[], more: Partial<RunSummary> = {}) => {
    const summary = sampleRun(runIdOf(number), { startedAtMs: number * 1000, person: 'alice', ...more });
    unwrap(await storage.insertRun(summary, 'console'));
    const answers = data.map((one, index) => sampleAnswer(`web${index + 1}`, one));
    unwrap(await storage.recordRun({ summary, answers }, 'console'));
  };
  await store(0xaaaa, [{ version: 1, uptime: 5 }, { version: 1, uptime: 5 }, {}]);
  await store(
    0xbbbb,
    [
      { version: 2, uptime: 6 },
      { version: 1, uptime: 7 },
    ],
    { person: 'bob' },
  );
  await store(0xcccc, [{}], { agent: 'service', action: 'restart', states: { failed: 1 } });
  const opened = await bench.open();
  // Each command closes the engine that it was given: this one stays for the next.
  engine = { ...opened, close: () => Promise.resolve() };
});
afterEach(() => bench.close());

async function muster(...args: string[]) {
  const world = memoryWorld({ engine });
  const code = await runMuster(args, world.surroundings);
  return { code, out: world.stdout.text(), err: world.stderr.text() };
}

/** What a command prints with `--json`. */
const json = async (...args: string[]) => JSON.parse((await muster(...args, '--json')).out) as Record<string, unknown>;

const ids = async (...flags: string[]) =>
  ((await json('runs', 'list', ...flags))['runs'] as { run_id: string }[]).map(({ run_id }) => run_id.slice(-4));

describe('muster runs list', () => {
  it('finds runs by what they were', async () => {
    expect(await ids()).toEqual(['cccc', 'bbbb', 'aaaa']);
    expect(await ids('--action', 'service')).toEqual(['cccc']);
    expect(await ids('--action', 'rpcutil.ping', '--person', 'bob')).toEqual(['bbbb']);
    expect(await ids('--node', 'web3')).toEqual(['aaaa']);
    expect(await ids('--failures')).toEqual(['cccc']);
    expect(await ids('--state', 'failed', '--state', 'stopped')).toEqual([]);
    const since = new Date(0xbbbb * 1000).toISOString();
    expect(await ids('--since', since)).toEqual(['cccc', 'bbbb']);
    expect(await ids('--before', since)).toEqual(['aaaa']);
  });

  it('refuses what is no action, state or time', async () => {
    expect((await muster('runs', 'list', '--action', 'a.b.c')).err).toContain('AGENT.ACTION');
    expect((await muster('runs', 'list', '--state', 'odd')).err).toContain('finished');
    expect((await muster('runs', 'list', '--since', 'yesterday')).err).toContain('how long ago');
  });
});

describe('notes, pins and deletion', () => {
  it('writes notes on a run, shows and removes them', async () => {
    expect((await muster('runs', 'note', runIdOf(0xaaaa))).out).toBe('No notes.\n');
    const { out } = await muster('runs', 'note', runIdOf(0xaaaa), 'before the upgrade');
    expect(out).toMatch(/^Note 1: before the upgrade \(\S+, \S+Z\)\n$/);
    expect((await muster('runs', 'show', runIdOf(0xaaaa))).out).toContain('Note 1: before the upgrade');
    expect(await ids('--search', 'upgrade')).toEqual(['aaaa']);
    expect((await muster('runs', 'note', runIdOf(0xaaaa), '--remove', '7')).err).toContain('has no note 7');
    expect((await muster('runs', 'note', runIdOf(0xaaaa), '--remove', '1')).out).toBe('No notes.\n');
  });

  it('keeps pinned runs, and takes a deletion back', async () => {
    const [pinned, other] = [runIdOf(0xaaaa), runIdOf(0xbbbb)];
    expect(await muster('runs', 'pin', pinned)).toMatchObject({ code: 0, out: `${pinned} pinned\n` });
    expect(await ids('--pinned')).toEqual(['aaaa']);
    const deleted = await muster('runs', 'delete', pinned, other);
    expect(deleted).toMatchObject({ code: 1, err: `Run ${pinned} stays: it is pinned\n` });
    expect(deleted.out).toContain(`For an hour: muster runs restore ${other}`);
    expect(await ids()).toEqual(['cccc', 'aaaa']);
    expect((await muster('runs', 'show', other)).code).toBe(1);
    expect(await muster('runs', 'restore', other)).toMatchObject({ code: 0, out: `${other} restored\n` });
    expect(await muster('runs', 'restore', other)).toMatchObject({ code: 1 });
    await muster('runs', 'unpin', pinned);
    expect(await ids('--pinned')).toEqual([]);
  });
});

describe('muster runs compare', () => {
  const [before, after] = [runIdOf(0xaaaa), runIdOf(0xbbbb)];

  it('tells node by node what differs, with the exit codes of diff', async () => {
    const { code, out } = await muster('runs', 'compare', before, after);
    expect(code).toBe(1);
    expect(out).toContain('3 nodes: 2 with another answer, 1 only in the first run\n');
    expect(out).toContain('web1 with another answer\n   uptime: 5 -> 6\n   version: 1 -> 2\n');
    expect(out).toContain('web3 only in the first run: ok\n');
    expect((await muster('runs', 'compare', before, before)).code).toBe(0);
    expect((await muster('runs', 'compare', before, runIdOf(9))).code).toBe(2);
  });

  it('leaves out what is to be ignored, and other kinds', async () => {
    const found = await json('runs', 'compare', before, after, '--ignore', 'uptime', '--kind', 'changed');
    expect(found).toMatchObject({
      before,
      after,
      kinds: { changed: 1, only_before: 1, same: 1 },
      differences: [{ sender: 'web1', kind: 'changed', fields: ['version'], before: { state: 'ok' } }],
    });
    expect((await muster('runs', 'compare', before, after, '--kind', 'odd')).code).toBe(2);
  });
});
