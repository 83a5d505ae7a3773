import { readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import type { Reply } from '@muster/protocol/messages';
import { exchangeName, replyQueue } from '@muster/protocol/topology';
import { createAgentBench, type AgentBench } from '../../../test/support/agent/agent-bench.ts';
import { readAudit } from '../../../test/support/agent/read-audit.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { defineAgent, type Action } from '../plugins/index.ts';
import type { RunningAgent } from '../service/index.ts';
import type { Authorizer } from './authorizer.ts';

const node = 'web1.example.com';
let bench: AgentBench;
let agent: RunningAgent;
let runs: string[];
let release: () => void;

/** An agent whose actions go on until the test lets them, each noted when it begins. */
const slow = () => {
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const action =
    (name: string): Action =>
    async (_request, { signal }) => {
      runs.push(name);
      await Promise.race([held, new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))]);
      return { done: name };
    };
  const names = ['change', 'change_softly', 'look'];
  return defineAgent(
    {
      kind: 'agent',
      name: 'slow',
      description: 'For tests',
      author: 'x',
      license: 'x',
      version: '1',
      url: '',
      timeout: 60,
      actions: names.map((name) => ({
        name,
        description: name,
        effect: name === 'look' ? 'read' : 'write',
        cancellable: name === 'change_softly',
        outputs: { done: { description: 'x', display_as: 'x' } },
      })),
    },
    Object.fromEntries(names.map((name) => [name, action(name)])),
  );
};

beforeEach(async () => {
  runs = [];
  bench = await createAgentBench();
  agent = await bench.start(node, { yaml: 'limits: { concurrent_actions: 1 }', agent: { agents: [slow()] } });
});
afterEach(async () => {
  release();
  await bench.close();
});

/** A request that is sent, its bytes, and the answers to it. */
async function send(
  action: string,
  more: { readonly target?: string; readonly replyTo?: string | null; readonly issuedAtMs?: number } = {},
) {
  const request = bench.asker.request({ target: node, agent: 'slow', action, ...more });
  const bytes = await bench.asker.send(request);
  const answers = (): readonly Reply[] =>
    bench.asker.replies.filter(({ requestId }) => requestId === request.requestId);
  const states = () =>
    bench.asker.notices.filter(({ requestId }) => requestId === request.requestId).map(({ state }) => state);
  return { request, bytes, answers, states };
}

const cancel = (requestid: string, by = bench.asker, on = node): Promise<Reply> =>
  by.ask(on, { agent: 'requests', action: 'cancel', inputs: { requestid } });

describe('cancelling', () => {
  it('keeps what waits from ever beginning, and answers it at once', async () => {
    const first = await send('change');
    await eventually(() => expect(runs).toEqual(['change']));
    const second = await send('change');
    await eventually(() => expect(agent.counters.passed).toBe(2));
    expect(await cancel(second.request.requestId)).toMatchObject({
      outcome: 'ok',
      data: { result: 'cancelled', noted: false },
    });
    await eventually(() => expect(second.answers()).toMatchObject([{ outcome: 'cancelled', statusCode: 1 }]));
    expect(second.answers()[0]?.statusMessage).toBe('cert=alice cancelled the request before the action began');
    release();
    await eventually(() => expect(first.answers()).toMatchObject([{ outcome: 'ok' }]));
    await bench.asker.sendBytes(second.bytes, { target: node });
    await eventually(() =>
      expect(second.answers()).toMatchObject([{ outcome: 'cancelled' }, { outcome: 'cancelled' }]),
    );
    expect(runs).toEqual(['change']);
  });

  it('ends what runs and may be ended', async () => {
    const { request, answers } = await send('change_softly');
    await eventually(() => expect(runs).toEqual(['change_softly']));
    expect(await cancel(request.requestId)).toMatchObject({ data: { result: 'stopping' } });
    await eventually(() => expect(answers()).toMatchObject([{ outcome: 'cancelled' }]));
    expect(answers()[0]?.statusMessage).toBe('cert=alice cancelled the request while the action ran');
    expect(await cancel(request.requestId)).toMatchObject({ data: { result: 'finished' } });
  });

  it('lets run what may not be ended', async () => {
    const { request, answers } = await send('change');
    await eventually(() => expect(runs).toEqual(['change']));
    expect(await cancel(request.requestId)).toMatchObject({ data: { result: 'not_cancellable' } });
    release();
    await eventually(() => expect(answers()).toMatchObject([{ outcome: 'ok' }]));
  });

  it('is noted for what has not come yet, by this process and the next', async () => {
    const request = bench.asker.request({ target: node, agent: 'slow', action: 'change' });
    expect(await cancel(request.requestId)).toMatchObject({ data: { result: 'unknown', noted: true } });
    await agent.stop();
    await bench.startFrom(`${bench.home.folder}/nodes/${node}/agent.yaml`, { agents: [slow()] });
    await bench.asker.send(request);
    await eventually(() =>
      expect(bench.asker.replies.at(-1)).toMatchObject({ requestId: request.requestId, outcome: 'cancelled' }),
    );
    expect(runs).toEqual([]);
  });

  it('is for who sent the request, whether it runs or waits', async () => {
    const bob = await bench.askerAs('bob', await bench.home.signerOf('person', 'bob'));
    const running = await send('change_softly');
    await eventually(() => expect(runs).toEqual(['change_softly']));
    const waiting = await send('change');
    await eventually(() => expect(agent.counters.passed).toBe(2));
    for (const { request } of [running, waiting]) {
      expect(await cancel(request.requestId, bob)).toMatchObject({
        outcome: 'failed',
        statusCode: 1,
        statusMessage: 'Only who sent a request may cancel it',
        data: {},
      });
    }
    release();
    await eventually(() => expect(running.answers()).toMatchObject([{ outcome: 'ok' }]));
    await eventually(() => expect(waiting.answers()).toMatchObject([{ outcome: 'ok' }]));
    expect(runs).toEqual(['change_softly', 'change']);
  });

  it('of a request of another that has not come cancels nothing', async () => {
    const bob = await bench.askerAs('bob', await bench.home.signerOf('person', 'bob'));
    const request = bench.asker.request({ target: node, agent: 'slow', action: 'change' });
    // Noted for a request of bob's with this id: nodes know requests by sender and id.
    expect(await cancel(request.requestId, bob)).toMatchObject({ data: { result: 'unknown', noted: true } });
    release();
    await bench.asker.send(request);
    await eventually(() => expect(bench.asker.replies).toMatchObject([{ outcome: 'ok' }]));
    expect(runs).toEqual(['change']);
  });

  it('is for those, too, whom the policy allows it for that request', async () => {
    const judged: unknown[] = [];
    const authorizer: Authorizer = {
      authorise: () => ({ allowed: true, reason: 'everybody may' }),
      authoriseCancel(caller, { requestId, sender }) {
        judged.push({ caller, requestId, sender });
        return { allowed: caller === 'cert=bob', reason: 'bob is on duty' };
      },
    };
    const on = 'web2.example.com';
    await bench.start(on, { agent: { agents: [slow()], authorizer } });
    const bob = await bench.askerAs('bob', await bench.home.signerOf('person', 'bob'));
    const carol = await bench.askerAs('carol', await bench.home.signerOf('person', 'carol'));
    const { request, answers } = await send('change_softly', { target: on });
    const { requestId } = request;
    await eventually(() => expect(runs).toEqual(['change_softly']));
    expect(await cancel(requestId, carol, on)).toMatchObject({ outcome: 'failed', statusCode: 1 });
    expect(await cancel(requestId, bob, on)).toMatchObject({ outcome: 'ok', data: { result: 'stopping' } });
    await eventually(() => expect(answers()).toMatchObject([{ outcome: 'cancelled' }]));
    expect(answers()[0]?.statusMessage).toBe('cert=bob cancelled the request while the action ran');
    expect(judged).toEqual([
      { caller: 'cert=carol', requestId, sender: 'alice' },
      { caller: 'cert=bob', requestId, sender: 'alice' },
    ]);
  });

  it('is audited, and logged when it is denied', async () => {
    const bob = await bench.askerAs('bob', await bench.home.signerOf('person', 'bob'));
    const { request } = await send('change');
    await eventually(() => expect(runs).toEqual(['change']));
    const { requestId: requestid } = request;
    const replies = [await cancel(requestid, bob), await cancel(requestid)];
    const records = await readAudit(join(bench.home.folder, 'nodes', node, 'state', 'audit.log'), 'request');
    const common = { collective: 'muster', agent: 'requests', action: 'cancel', inputs: { requestid }, rule: null };
    // The first line is that of the request itself.
    expect(records.slice(1)).toMatchObject([
      {
        ...common,
        requestId: replies[0]?.requestId,
        caller: 'cert=bob',
        allowed: false,
        reason: 'no policy says who may cancel the requests of others',
      },
      {
        ...common,
        requestId: replies[1]?.requestId,
        caller: 'cert=alice',
        allowed: true,
        reason: 'the request is their own',
      },
    ]);
    expect(bench.log.filter(({ event }) => event === 'cancel.denied')).toMatchObject([
      { caller: 'cert=bob', requestId: requestid },
    ]);
  });
});

describe('a request that takes longer than a second', () => {
  it('is told of: that it waits, and when it begins', async () => {
    const first = await send('change');
    await eventually(() => expect(runs).toHaveLength(1));
    const second = await send('look');
    await eventually(() => expect([first.states(), second.states()]).toEqual([['running'], ['accepted']]));
    release();
    await eventually(() => expect(second.answers()).toHaveLength(1));
    expect(second.states()).toEqual(['accepted', 'running']);
    expect(first.states()).toEqual(['running']);
  });

  it('is told of again when it comes again', async () => {
    const { bytes, states } = await send('change');
    await eventually(() => expect(runs).toHaveLength(1));
    await bench.asker.sendBytes(bytes, { target: node });
    await eventually(() => expect(states().length).toBeGreaterThan(0));
    expect(new Set(states())).toEqual(new Set(['running']));
    expect(runs).toHaveLength(1);
  });
});

describe('an answer', () => {
  it('whose queue is gone is kept, and sent when the request comes again', async () => {
    const replyTo = 'reply.alice.0a';
    const { request, bytes } = await send('change', { replyTo });
    release();
    await eventually(() => expect(bench.log.filter((line) => line['event'] === 'broker.unroutable')).toHaveLength(1));
    const bus = bench.broker.connect();
    await eventually(() => expect(bus.state.status).toBe('up'));
    const bodies: Uint8Array[] = [];
    unwrap(
      await bus.subscribe({
        queue: { name: replyTo, declaration: replyQueue(bus.queueType) },
        bindings: [{ exchange: exchangeName('muster', 'reply'), routingKey: replyTo }],
        prefetch: 10,
        exclusive: false,
        onDelivery: (delivery) => {
          bodies.push(delivery.body);
          delivery.ack();
        },
      }),
    );
    await bench.asker.sendBytes(bytes, { target: node });
    await eventually(() => expect(bodies).toHaveLength(1));
    expect(Buffer.from(bodies[0] ?? []).includes(request.requestId)).toBe(true);
    expect(runs).toEqual(['change']);
    await bus.close();
  });

  it('that nobody wants is journaled all the same: the action runs once', async () => {
    const { bytes } = await send('change', { replyTo: null });
    release();
    await eventually(() => expect(runs).toEqual(['change']));
    await agent.stop();
    agent = await bench.startFrom(`${bench.home.folder}/nodes/${node}/agent.yaml`, { agents: [slow()] });
    await bench.asker.sendBytes(bytes, { target: node });
    await eventually(() => expect(agent.counters.replayed).toBe(1));
    expect(runs).toEqual(['change']);
  });

  it.each([-600_000, 600_000])('stands when the clock is stepped by %i ms', async (stepMs) => {
    // Not before now, when the certificates of this test begin to hold.
    bench.clock.shiftMs = 600_000;
    const { bytes, answers } = await send('change', { issuedAtMs: bench.clock.now() });
    release();
    await eventually(() => expect(answers()).toMatchObject([{ outcome: 'ok' }]));
    bench.clock.shiftMs += stepMs;
    await bench.asker.sendBytes(bytes, { target: node });
    await eventually(() => expect(answers()).toMatchObject([{ outcome: 'ok' }, { outcome: 'ok' }]));
    expect(runs).toEqual(['change']);
  });

  it('that a request came too late stands when the clock is stepped back', async () => {
    bench.clock.shiftMs += 600_000;
    const { bytes, answers } = await send('change');
    await eventually(() => expect(answers()).toMatchObject([{ outcome: 'expired' }]));
    await agent.stop();
    bench.clock.shiftMs = 0;
    await bench.startFrom(`${bench.home.folder}/nodes/${node}/agent.yaml`, { agents: [slow()] });
    await bench.asker.sendBytes(bytes, { target: node });
    await eventually(() => expect(answers()).toMatchObject([{ outcome: 'expired' }, { outcome: 'expired' }]));
    expect(runs).toEqual([]);
  });

  it('that a request came too late is not given when a damaged journal may have told of it', async () => {
    const { bytes, answers } = await send('change');
    release();
    await eventually(() => expect(answers()).toMatchObject([{ outcome: 'ok' }]));
    await agent.stop();
    const journal = join(bench.home.folder, 'nodes', node, 'state', 'requests.journal');
    const records = (await readFile(journal, 'latin1')).replace(/\0+$/, '');
    await truncate(journal, records.indexOf('\n') - 1);
    bench.clock.shiftMs += 600_000;
    await bench.startFrom(`${bench.home.folder}/nodes/${node}/agent.yaml`, { agents: [slow()] });
    await bench.asker.sendBytes(bytes, { target: node });
    await eventually(() => expect(answers()).toMatchObject([{ outcome: 'ok' }, { outcome: 'interrupted' }]));
    expect(runs).toEqual(['change']);
  });
});
