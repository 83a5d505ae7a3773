import { execFileSync } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openEngine, type Engine, type EngineRunOrder } from '@muster/client/engine';
import type { RunSummary } from '@muster/protocol/bridge';
import { unwrap } from '@muster/protocol/errors';
import { exchangeName, nodeQueue, nodeQueueName } from '@muster/protocol/topology';
import { addConsole } from '../../support/agent/add-console.ts';
import { LedgerFleet } from '../../support/agent/ledger-fleet.ts';
import { createTestHome, type TestHome } from '../../support/agent/test-home.ts';
import { connectAmqp, openChannel } from '../../support/amqp.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestBroker, type TestBroker } from '../../support/test-broker.ts';

const longMs = 90_000;
const nodes = ['web1.example.com', 'web2.example.com'] as const;
const [first, last] = nodes;

let broker: TestBroker;
let home: TestHome;
let fleet: LedgerFleet;
let engine: Engine;
/** A disk of its own for the console's database, so small that it can be filled; null where none can be mounted. */
let disk: string | null = null;

async function mountDisk(): Promise<string | null> {
  const folder = join(home.folder, 'data');
  await mkdir(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m,mode=700', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    // Not root, or in a container that may not mount: the test of a full disk is skipped.
    return null;
  }
}

beforeAll(async () => {
  broker = await startTestBroker({ nodes });
  home = await createTestHome(broker.authority);
  await addConsole(home, await broker.personSettings('demo'));
  disk = await mountDisk();
  fleet = new LedgerFleet(home);
  await Promise.all(nodes.map((node) => fleet.add(node, broker.url)));
  await Promise.all(nodes.map((node) => fleet.start(node)));
  engine = unwrap(await openEngine({ home: home.folder, followFleet: true, adoptRuns: false }));
  unwrap(await engine.connection.waitUntilUp(longMs));
  await eventually(async () => expect(unwrap(await engine.inventory.refresh()).nodes).toBe(nodes.length), longMs);
});
afterAll(async () => {
  await engine.close();
  await fleet.stop();
  await broker.stop();
  if (disk !== null) execFileSync('umount', [disk]);
  await home.remove();
});
afterEach(() => fleet.startFallen());

async function start(name: string, more: Partial<EngineRunOrder> & { identities?: readonly string[] } = {}) {
  const { identities = nodes, ...order } = more;
  const target = { kind: 'nodes' as const, identities: [...identities] };
  return unwrap(await engine.runs.start({ agent: 'ledger', action: 'work', inputs: { name }, target, ...order }));
}
const shows = (runId: string, what: object) =>
  eventually(async () => expect(unwrap(await engine.runs.get(runId))).toMatchObject(what), longMs);

/** Runs on one node, so that what it was asked before is known to be over. */
async function runsOn(node: string, name: string): Promise<void> {
  const run = await start(name, { identities: [node] });
  await fleet.letEnd(name, [node]);
  expect(await run.finished).toMatchObject({ states: { ok: 1 } });
}

it('a request that dies in the queue of a node comes back: it has expired, and is never run', async () => {
  await fleet.kill(last);
  // Nobody waits so long without news: only the broker can say so before.
  const run = await start('died', { identities: [last], ttlMs: 1000, deliveryMs: 3_600_000 });
  expect(await run.finished).toMatchObject({ state: 'finished', states: { expired: 1 } });
  await fleet.start(last);
  await runsOn(last, 'afterwards');
  expect(await fleet.lines(last, 'died')).toEqual([]);
  expect(unwrap(await engine.runs.get(run.runId)).states).toEqual({ expired: 1 });
});

describe('a node whose queue is full', () => {
  const queue = nodeQueueName(last);

  async function fill(): Promise<void> {
    await fleet.kill(last);
    const connection = await connectAmqp(await broker.personSettings('other'));
    const channel = await connection.createConfirmChannel();
    const messages = Number(nodeQueue('classic').arguments['x-max-length']);
    for (let count = 0; count < messages; count++)
      channel.publish(exchangeName('muster', 'directed'), last, Buffer.from('of no use'));
    await channel.waitForConfirms();
    await connection.close();
  }

  async function empty(): Promise<void> {
    const connection = await connectAmqp(await broker.nodeSettings(last));
    await (await openChannel(connection)).purgeQueue(queue);
    await connection.close();
  }

  it('gets the request as soon as there is room', async () => {
    await fill();
    const run = await start('room');
    await fleet.begins('room', [first]);
    await fleet.letEnd('room', nodes);
    await shows(run.runId, { states: { ok: 1, queued: 1 } });
    await empty();
    await shows(run.runId, { states: { ok: 1, sent: 1 } });
    await fleet.start(last);
    expect(await run.finished).toMatchObject({ state: 'finished', states: { ok: 2 } });
    await fleet.ranOnce('room', nodes);
  });

  it('has not got it when there is no room in time', async () => {
    await fill();
    const run = await start('full', { ttlMs: 4000 });
    await fleet.begins('full', [first]);
    await fleet.letEnd('full', nodes);
    expect(await run.finished).toMatchObject({ state: 'finished', states: { ok: 1, undelivered: 1 } });
    await empty();
    await fleet.start(last);
    await runsOn(last, 'emptied');
    expect(await fleet.lines(last, 'full')).toEqual([]);
  });
});

it('a node that says that it is at work is waited for beyond the time for delivery', async () => {
  await fleet.kill(last);
  const run = await start('slow', { deliveryMs: 3000 });
  // The other node had as long, and has run out of it.
  await shows(run.runId, { states: { running: 1, no_answer: 1 } });
  // The other one gets the request when it is back.
  await fleet.letEnd('slow', nodes);
  expect(await run.finished).toMatchObject({ state: 'finished', states: { ok: 1, no_answer: 1 } });
  await fleet.ranOnce('slow', [first]);
});

/** Leaves no room: neither on the disk, nor in what the database's log had grown to. */
async function fillDisk(folder: string): Promise<void> {
  const database = new DatabaseSync(join(folder, 'muster.db'));
  await eventually(() => expect(database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()).toMatchObject({ busy: 0 }));
  database.close();
  execFileSync('sh', ['-c', 'cat /dev/zero > "$1/filler" 2>/dev/null || true', 'sh', folder]);
}

it('a run waits for room on the disk with what it has heard, and goes on when there is some', async (context) => {
  if (disk === null) return context.skip('tmpfs cannot be mounted here');
  const shown: RunSummary[] = [];
  const run = await start('disk', { watch: { onChange: (summary) => shown.push(summary) } });
  await fleet.begins('disk', nodes);
  await shows(run.runId, { states: { running: 2 } });
  await fillDisk(disk);
  await fleet.letEnd('disk', nodes);
  await eventually(() => expect(shown.at(-1)).toMatchObject({ state: 'running', hold: 'storage' }), longMs);
  await rm(join(disk, 'filler'));
  expect(await run.finished).toMatchObject({ state: 'finished', hold: null, responses: 2, states: { ok: 2 } });
  await fleet.ranOnce('disk', nodes);
});
