import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { openEngine, type Engine } from '@muster/client/engine';
import { decodeFrame } from '@muster/protocol/envelope';
import { unwrap } from '@muster/protocol/errors';
import { nodeQueueName } from '@muster/protocol/topology';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addConsole } from '../../support/agent/add-console.ts';
import { LedgerFleet } from '../../support/agent/ledger-fleet.ts';
import { createTestHome, type TestHome } from '../../support/agent/test-home.ts';
import { connectAmqp, openChannel } from '../../support/amqp.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestBroker, type TestBroker } from '../../support/test-broker.ts';

/*
 * Whoever runs the broker reads the queues and the disk of it. What is sensitive must not be there in plain, and must arrive all the same:
 * also in runs that wait for a node, that another console goes on with, and after the node's key was lost.
 */

const longMs = 90_000;
const node = 'web1.example.com';
const secret = 'correct-horse-battery-staple';
const label = 'everybody-may-read-this';
const digest = createHash('sha256').update(secret).digest('hex');

let broker: TestBroker;
let home: TestHome;
let fleet: LedgerFleet;
let engine: Engine;

const open = async () => {
  const opened = unwrap(await openEngine({ home: home.folder, followFleet: true, adoptRuns: false }));
  unwrap(await opened.connection.waitUntilUp(longMs));
  return opened;
};

beforeAll(async () => {
  broker = await startTestBroker({ nodes: [node] });
  home = await createTestHome(broker.authority);
  await addConsole(home, await broker.personSettings('demo'));
  fleet = new LedgerFleet(home);
  await fleet.add(node, broker.url);
  await fleet.start(node);
  engine = await open();
  await eventually(async () => expect(unwrap(await engine.inventory.refresh()).nodes).toBe(1), longMs);
});
afterAll(async () => {
  await engine.close();
  await fleet.stop();
  await broker.stop();
  await home.remove();
});

async function put(untilMs?: number) {
  const target = { kind: 'nodes' as const, identities: [node] };
  const waiting = untilMs === undefined ? {} : { untilMs };
  const order = { agent: 'strongbox', action: 'put', inputs: { label, secret }, target, ...waiting };
  return unwrap(await engine.runs.start(order));
}

const answerOf = async (runId: string) => unwrap(await engine.runs.result(runId, node));

/** Everything that waits for the node, as the broker has it, and with its bodies unpacked. It stays in the queue. */
async function tap(): Promise<readonly Buffer[]> {
  const connection = await connectAmqp(await broker.nodeSettings(node));
  try {
    const channel = await openChannel(connection);
    const seen: Buffer[] = [];
    for (
      let got = await channel.get(nodeQueueName(node));
      got !== false;
      got = await channel.get(nodeQueueName(node))
    ) {
      const { body, compressed } = unwrap(decodeFrame(got.content));
      seen.push(got.content, compressed ? inflateRawSync(body) : Buffer.from(body));
    }
    return seen;
  } finally {
    // Without an acknowledgement all go back to the queue.
    await connection.close();
  }
}

/** Files below the broker's home that hold the text. */
async function filesWith(text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const file of await readdir(broker.home, { recursive: true, withFileTypes: true })) {
    const path = join(file.parentPath, file.name);
    if (file.isFile() && (await readFile(path)).includes(text)) found.push(path);
  }
  return found;
}

it('keeps sensitive inputs from the broker while they wait there, and the node gets them from the next console', async () => {
  await fleet.kill(node);
  const { runId } = await put(Date.now() + 600_000);
  const waiting = await eventuallyTapped();
  expect(waiting.some((bytes) => bytes.includes(label))).toBe(true);
  expect(waiting.some((bytes) => bytes.includes(secret))).toBe(false);
  await engine.close();
  await broker.pause();
  // What was published is on the disk; this kind of search finds what is to be found.
  expect(await filesWith(label)).not.toEqual([]);
  expect(await filesWith(secret)).toEqual([]);
  await broker.resume();
  engine = await open();
  const run = unwrap(await engine.runs.attach(runId));
  await fleet.start(node);
  expect(await run.finished).toMatchObject({ state: 'finished', states: { ok: 1 } });
  expect(await answerOf(runId)).toMatchObject({ outcome: 'ok', data: { digest } });
});

async function eventuallyTapped(): Promise<readonly Buffer[]> {
  let seen: readonly Buffer[] = [];
  await eventually(async () => {
    seen = await tap();
    expect(seen.some((bytes) => bytes.includes('strongbox'))).toBe(true);
  }, longMs);
  return seen;
}

it('seals to the new key of a node that lost its own, as soon as the node has told it', async () => {
  await fleet.kill(node);
  await rm(join(home.folder, 'nodes', node, 'state', 'sealing.key'));
  await fleet.start(node);
  await eventually(async () => {
    const run = await put();
    expect(await run.finished).toMatchObject({ states: { ok: 1 } });
    expect(await answerOf(run.runId)).toMatchObject({ data: { digest } });
  }, longMs);
});
