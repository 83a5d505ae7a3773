import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { createEngineBench, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import { fakeAgents } from '../../../test/support/client/fake-fleet.ts';
import { fakePuppetDdl } from '../../../test/support/client/puppet-nodes.ts';
import type { Engine } from '../engine/engine.ts';
import type { Question } from '../engine/parts/runs.ts';

let bench: EngineBench;
let engine: Engine;
beforeEach(async () => {
  bench = await createEngineBench();
  engine = await bench.open();
});
afterEach(() => bench.close());

async function ask(more: Partial<Question>) {
  const answers: Parameters<Question['onAnswer']>[0][] = [];
  const asked = await engine.ask({
    agent: 'rpcutil',
    action: 'ping',
    inputs: {},
    identities: ['web01', 'nosuch'],
    timeoutMs: 60_000,
    onAnswer: (answer) => answers.push(answer),
    ...more,
  });
  return { asked, answers };
}

it('asks the nodes, does not wait for those that are not there, and keeps no run', async () => {
  const node = await bench.fleet.add('web01');
  const { asked, answers } = await ask({});
  expect(asked).toEqual({ ok: true, value: undefined });
  expect(answers).toMatchObject([{ identity: 'web01', statusCode: 0, data: { pong: 1 } }]);
  expect(node.requests.at(-1)).toMatchObject({ action: 'ping', target: 'web01' });
  expect(unwrap(await engine.runs.list({ search: '', offset: 0, limit: 10 })).total).toBe(0);
});

it('passes inputs on', async () => {
  const node = await bench.fleet.add('web01');
  await ask({ action: 'get_fact', inputs: { fact: 'os' } });
  expect(node.requests.at(-1)).toMatchObject({ action: 'get_fact', inputs: { fact: 'os' } });
});

it('asks nothing that changes nodes, and nothing that there is not', async () => {
  const node = await bench.fleet.add('web01', { agents: [...fakeAgents, fakePuppetDdl] });
  expect((await ask({ agent: 'puppet', action: 'enable' })).asked).toMatchObject({
    ok: false,
    error: { code: 'usage.invalid' },
  });
  expect((await ask({ action: 'nosuch' })).asked).toMatchObject({ error: { code: 'request.unknown_action' } });
  expect((await ask({ agent: 'nosuch' })).asked).toMatchObject({ error: { code: 'agent.unknown' } });
  expect(node.requests.filter(({ action }) => action === 'enable')).toEqual([]);
});
