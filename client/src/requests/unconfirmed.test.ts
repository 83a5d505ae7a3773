import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap, type Result } from '@muster/protocol/errors';
import { allNodes } from '@muster/protocol/filter';
import type { Bus, Publication } from '@muster/runtime/bus';
import { changedBus } from '../../../test/support/client/changed-bus.ts';
import { createEngineBench, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import { eventually } from '../../../test/support/eventually.ts';
import type { Engine } from '../engine/engine.ts';

// A queue of a cluster that has lost its leader takes a message and never confirms it.

let bench: EngineBench;
let confirms: (publication: Publication) => boolean;
let engine: Engine;

beforeEach(async () => {
  bench = await createEngineBench();
  confirms = () => true;
  const unconfirming = (bus: Bus): Bus =>
    changedBus(bus, {
      async publish(publication) {
        const published = await bus.publish(publication);
        return confirms(publication) ? published : new Promise<Result<void>>(() => undefined);
      },
    });
  engine = await bench.open({ bus: unconfirming, followFleet: true });
});
afterEach(() => bench.close());

const identities = ['web01', 'web02'];

it('finds all that answer, though the question to all is never confirmed', async () => {
  await Promise.all(identities.map((identity) => bench.fleet.add(identity)));
  confirms = () => false;
  const found = unwrap(
    await engine.discovery.discover({ filter: allNodes, choice: { method: 'broadcast', options: {} } }),
  );
  expect(found.identities.toSorted()).toEqual(identities);
});

it('has asked when all have answered, though one question is never confirmed', async () => {
  await Promise.all(identities.map((identity) => bench.fleet.add(identity)));
  confirms = ({ routingKey }) => routingKey !== 'web02';
  const answers: string[] = [];
  const question = { agent: 'rpcutil', action: 'ping', inputs: {}, identities, timeoutMs: 60_000 };
  unwrap(await engine.ask({ ...question, onAnswer: ({ identity }) => answers.push(identity) }));
  expect(answers.toSorted()).toEqual(identities);
});

it('ends a cancelled run, though what its nodes are told is never confirmed', async () => {
  const isOver = Promise.withResolvers<undefined>();
  const node = await bench.fleet.add('web01', {
    answer: async ({ agent, action }, usual) => {
      if (agent === 'rpcutil' && action === 'ping') await isOver.promise;
      return agent === 'requests' ? null : usual;
    },
  });
  const target = { kind: 'nodes' as const, identities: ['web01'] };
  const run = unwrap(
    await engine.runs.start({ agent: 'rpcutil', action: 'ping', inputs: {}, target, deliveryMs: 60_000 }),
  );
  await eventually(async () => expect(unwrap(await engine.runs.get(run.runId))).toMatchObject({ states: { sent: 1 } }));
  confirms = () => false;
  unwrap(await engine.runs.cancel(run.runId));
  await eventually(() => expect(node.requests.map(({ agent }) => agent)).toContain('requests'));
  isOver.resolve(undefined);
  expect(await run.finished).toMatchObject({ state: 'cancelled', states: { ok: 1 } });
});
