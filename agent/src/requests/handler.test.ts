import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { seal } from '@muster/protocol/envelope';
import { compressor } from '@muster/runtime/crypto';
import { createAgentBench, type AgentBench } from '../../../test/support/agent/agent-bench.ts';
import { askedBy } from '../../../test/support/agent/journal-requests.ts';
import { createTestHome } from '../../../test/support/agent/test-home.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { abort, defineAgent, type Action } from '../plugins/index.ts';
import type { RunningAgent } from '../service/index.ts';
import { openJournal } from './journal/index.ts';

const node = 'web1.example.com';
let bench: AgentBench;
let agent: RunningAgent;
let runs: string[];
let release: () => void;

const secretInput = {
  type: 'string',
  prompt: 'x',
  description: 'x',
  validation: '.*',
  maxlength: 0,
  optional: true,
  sensitive: true,
} as const;

/** An agent with an action for each way in which one can go wrong. */
const trouble = () => {
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const actions: Readonly<Record<string, Action>> = {
    note: ({ inputs }) => {
      runs.push(String(inputs['text']));
      return { noted: runs.length };
    },
    hold: async () => {
      await held;
      return { held: true };
    },
    hang: () => new Promise(() => undefined),
    boom: () => {
      throw new Error('it broke');
    },
    give_up: () => abort('No, thank you', { data: { why: 'tired' } }),
    give_odd: () => ({ value: { when: new Date(0) } }),
    give_big: () => ({ value: 'x'.repeat(1024 * 1024) }),
    defaults: () => ({ given: 1 }),
  };
  const effect = (name: string) => (name === 'note' || name === 'hold' ? 'write' : 'read');
  return defineAgent(
    {
      kind: 'agent',
      name: 'trouble',
      description: 'For tests',
      author: 'x',
      license: 'x',
      version: '1',
      url: '',
      timeout: 0.2,
      actions: Object.keys(actions).map((name) => ({
        name,
        description: name,
        effect: effect(name),
        inputs: name === 'note' ? { text: { ...secretInput, sensitive: false }, secret: secretInput } : {},
        outputs: { preset: { description: 'x', display_as: 'x', default: 'as described' } },
      })),
    },
    actions,
  );
};

beforeEach(async () => {
  runs = [];
  bench = await createAgentBench({ collectives: ['muster', 'elsewhere'] });
  agent = await bench.start(node, { agent: { agents: [trouble()] } });
});

afterEach(async () => {
  release();
  await bench.close();
});

const ask = (overrides: Parameters<AgentBench['asker']['ask']>[1]) => bench.asker.ask(node, overrides);
const askTrouble = (action: string, inputs: Record<string, string> = {}) => ask({ agent: 'trouble', action, inputs });
const events = (event: string) => bench.log.filter((line) => line['event'] === event);

describe('an action', () => {
  it('answers with its data and the defaults of its outputs', async () => {
    const reply = await askTrouble('defaults');
    expect(reply).toMatchObject({
      outcome: 'ok',
      statusCode: 0,
      statusMessage: 'OK',
      data: { given: 1, preset: 'as described' },
    });
    expect(reply.timings.startedAtMs).toBeGreaterThanOrEqual(reply.timings.receivedAtMs);
    expect(reply.timings.finishedAtMs).not.toBeNull();
  });

  it('that gives up says why and what it found', async () => {
    const data = { why: 'tired', preset: 'as described' };
    expect(await askTrouble('give_up')).toMatchObject({
      outcome: 'failed',
      statusCode: 1,
      statusMessage: 'No, thank you',
      data,
    });
  });

  it('that throws becomes status 5, and the node lives on', async () => {
    const reply = await askTrouble('boom');
    expect(reply).toMatchObject({
      outcome: 'failed',
      statusCode: 5,
      statusMessage: 'Unknown Request Status: it broke',
    });
    expect(events('action.threw')).toHaveLength(1);
    expect(await ask({})).toMatchObject({ outcome: 'ok' });
  });

  it('that overruns its time limit is answered as such', async () => {
    const reply = await askTrouble('hang');
    expect(reply).toMatchObject({ outcome: 'timed_out', statusCode: 5 });
    expect(reply.statusMessage).toBe(
      'Timeout while handling message for trouble: hang was not done within 0.2 seconds',
    );
  });

  it.each([
    ['give_odd', 'The result is not JSON: value.when is an object with behaviour'],
    ['give_big', 'The result has 1048612 bytes; the limit is 1048576'],
  ])('%s gives nothing that can travel, and is told so', async (action, statusMessage) => {
    expect(await askTrouble(action)).toMatchObject({ outcome: 'failed', statusCode: 5, statusMessage, data: {} });
  });

  it('without a wish for an answer runs silently', async () => {
    await bench.asker.send(
      bench.asker.request({ target: node, agent: 'trouble', action: 'note', inputs: { text: 'quiet' }, replyTo: null }),
    );
    await eventually(() => expect(runs).toEqual(['quiet']));
    await ask({});
    expect(bench.asker.replies).toHaveLength(1);
  });
});

describe('a refusal is an answer', () => {
  it.each([
    [
      'an old request',
      () => ({ issuedAtMs: Date.now() - 61_000 }),
      'expired',
      1,
      /is 61(\.\d)? seconds old, TTL is 60\. Rejecting message\.$/,
    ],
    [
      'a request from the future',
      () => ({ issuedAtMs: Date.now() + 20_000 }),
      'skewed',
      1,
      /seconds in the future: the clocks differ/,
    ],
    [
      'another collective',
      () => ({ collective: 'elsewhere' }),
      'refused',
      1,
      /^Node web1.example.com is not in collective elsewhere$/,
    ],
    ['an unknown agent', () => ({ agent: 'nosuch' }), 'invalid', 2, /^Unknown agent 'nosuch'$/],
    ['an unknown action', () => ({ action: 'nosuch' }), 'invalid', 2, /^Unknown action 'nosuch' for agent 'rpcutil'$/],
    ['a missing input', () => ({ action: 'get_fact' }), 'invalid', 4, /^Action get_fact needs a fact argument$/],
    [
      'a wrong input',
      () => ({ action: 'get_fact', inputs: { fact: 7 } }),
      'invalid',
      4,
      /^Cannot validate input fact: must be a string$/,
    ],
    ['an unknown input', () => ({ inputs: { more: 1 } }), 'invalid', 4, /has no such input/],
  ])('%s', async (_name, overrides, outcome, statusCode, text) => {
    const reply = await ask(overrides());
    expect(reply).toMatchObject({ outcome, statusCode, data: {} });
    expect(reply.statusMessage).toMatch(text);
    expect(reply.timings.startedAtMs).toBeNull();
  });

  it('a request that was sealed for another node', async () => {
    const message = bench.asker.request({ target: 'web2.example.com' });
    const bytes = unwrap(await seal(message, { signer: await bench.home.signerOf('person', 'alice'), compressor }));
    await bench.asker.sendBytes(bytes, { target: node });
    await eventually(() => expect(bench.asker.replies).toMatchObject([{ outcome: 'refused' }]));
    expect(bench.asker.replies[0]?.statusMessage).toBe(
      'The request is for node web2.example.com, not for web1.example.com',
    );
  });

  it('a body that is no request, when it says where to answer', async () => {
    await bench.asker.send({ ...bench.asker.request({ target: node }), ttlMs: -1 });
    await eventually(() =>
      expect(bench.asker.replies).toMatchObject([{ outcome: 'invalid', statusCode: 4, agent: 'unknown' }]),
    );
    expect(bench.asker.replies[0]?.statusMessage).toMatch(/ttlMs/);
  });

  it('what the policy denies, without saying why', async () => {
    const denying = { authorise: () => ({ allowed: false, reason: 'not on Sundays' }) as const };
    await bench.start('web9.example.com', { agent: { authorizer: denying } });
    const reply = await bench.asker.ask('web9.example.com', {});
    expect(reply).toMatchObject({ outcome: 'refused', statusCode: 1 });
    expect(reply.statusMessage).toBe('You are not authorized to call this agent or action.');
    expect(events('request.denied')).toContainEqual(
      expect.objectContaining({ caller: 'cert=alice', reason: 'not on Sundays' }),
    );
    expect(await bench.asker.ask('web9.example.com', { agent: 'discovery' })).toMatchObject({ outcome: 'ok' });
  });
});

describe('a request that was seen before', () => {
  const answer = { outcome: 'ok', data: { noted: 1 } };

  it('is not carried out again, and answered as before', async () => {
    const message = bench.asker.request({ target: node, agent: 'trouble', action: 'note', inputs: { text: 'once' } });
    const bytes = await bench.asker.send(message);
    await eventually(() => expect(bench.asker.replies).toHaveLength(1));
    await bench.asker.sendBytes(bytes, { target: node });
    await eventually(() => expect(bench.asker.replies).toMatchObject([answer, answer]));
    expect(runs).toEqual(['once']);
    expect(agent.counters).toMatchObject({ replayed: 1 });
  });

  it('is not carried out by the next process either', async () => {
    const bytes = await bench.asker.send(
      bench.asker.request({ target: node, agent: 'trouble', action: 'note', inputs: { text: 'once' } }),
    );
    await eventually(() => expect(bench.asker.replies).toHaveLength(1));
    await agent.stop();
    await bench.startFrom(`${bench.home.folder}/nodes/${node}/agent.yaml`, { agents: [trouble()] });
    await bench.asker.sendBytes(bytes, { target: node });
    await eventually(() => expect(bench.asker.replies).toMatchObject([answer, answer]));
    expect(runs).toEqual(['once']);
  });

  it('and was cut short by the end of an earlier process is told so, and not run', async () => {
    const message = bench.asker.request({ target: node, agent: 'trouble', action: 'note', inputs: { text: 'never' } });
    await agent.stop();
    const folder = `${bench.home.folder}/nodes/${node}`;
    const options = { file: `${folder}/state/requests.journal`, clock: Date.now, onFault: () => undefined };
    const journal = unwrap(await openJournal(options));
    journal.meet(message);
    unwrap(await journal.begin(message, askedBy(message), Date.now()));
    await journal.close();
    await bench.startFrom(`${folder}/agent.yaml`, { agents: [trouble()] });
    await eventually(() => expect(bench.asker.replies).toMatchObject([{ outcome: 'interrupted', statusCode: 5 }]));
    await bench.asker.send(message);
    await eventually(() => expect(bench.asker.replies).toHaveLength(2));
    expect(bench.asker.replies[1]).toMatchObject({ outcome: 'interrupted', timings: bench.asker.replies[0]?.timings });
    expect(runs).toEqual([]);
  });

  it('gets one answer when it comes again in the middle', async () => {
    const bytes = await bench.asker.send(bench.asker.request({ target: node, agent: 'trouble', action: 'hold' }));
    await eventually(() => expect(agent.counters.passed).toBe(1));
    await bench.asker.sendBytes(bytes, { target: node });
    await eventually(() => expect(agent.counters.replayed).toBe(1));
    release();
    await eventually(() => expect(bench.asker.replies).toMatchObject([{ data: { held: true } }]));
    expect(await ask({})).toMatchObject({ outcome: 'ok' });
    expect(bench.asker.replies).toHaveLength(2);
  });
});

describe('the filter', () => {
  it.each([
    ['', true],
    ['os.family=Debian', true],
    ['os.family=RedHat', false],
    ['rack=7 and apache', true],
    ['not apache', false],
    ["fact('rack').value=7", true],
    ["fstat('/etc/passwd').type=file and collective('muster').member=true", true],
    ["nosuch('x').y=1", false],
    ["agent('rpcutil').timeout=10", true],
    ["agent('nosuch').timeout=10", false],
    ["config_item('registration.interval').value=300", true],
  ])('%s selects: %s', async (filter, selected) => {
    await bench.asker.send(bench.asker.request({ filter }));
    await eventually(() => expect(agent.counters.passed + agent.counters.filtered).toBe(1));
    await ask({});
    await eventually(() => expect(bench.asker.replies).toHaveLength(selected ? 2 : 1));
    expect(agent.counters.filtered).toBe(selected ? 0 : 1);
  });

  it('that cannot be parsed is an invalid request', async () => {
    await bench.asker.send(bench.asker.request({ filter: 'os.family = (' }));
    await eventually(() => expect(bench.asker.replies).toMatchObject([{ outcome: 'invalid', statusCode: 4 }]));
  });

  it('is silent about agents that the node does not have', async () => {
    const bytes = unwrap(
      await seal(bench.asker.request({ agent: 'nosuch' }), {
        signer: await bench.home.signerOf('person', 'alice'),
        compressor,
      }),
    );
    await bench.asker.sendBytes(bytes);
    await ask({});
    expect(bench.asker.replies).toHaveLength(1);
  });
});

describe('bad messages', () => {
  const flip = (bytes: Uint8Array, index: number): Uint8Array =>
    bytes.map((byte, at) => (at === index ? byte ^ 1 : byte));

  it('are counted, logged once a minute for each kind, and leave the node unharmed', async () => {
    const good = unwrap(
      await seal(bench.asker.request(), { signer: await bench.home.signerOf('person', 'alice'), compressor }),
    );
    const stranger = await createTestHome();
    const forged = unwrap(
      await seal(bench.asker.request(), { signer: await stranger.signerOf('person', 'alice'), compressor }),
    );
    await stranger.remove();
    const byNode = unwrap(
      await seal(bench.asker.request(), { signer: await bench.home.signerOf('node', 'alice'), compressor }),
    );
    const otherName = unwrap(
      await seal(bench.asker.request({ sender: 'bob' }), {
        signer: await bench.home.signerOf('person', 'alice'),
        compressor,
      }),
    );
    const otherQueue = unwrap(
      await seal(bench.asker.request({ replyTo: 'reply.bob.aa' }), {
        signer: await bench.home.signerOf('person', 'alice'),
        compressor,
      }),
    );
    const bad: readonly (readonly [Uint8Array, string])[] = [
      [new Uint8Array(), 'frame.truncated'],
      [Buffer.from('hello there, this is no frame'), 'frame.malformed'],
      [good.subarray(0, good.length - 9), 'frame.truncated'],
      [new Uint8Array(2 * 1024 * 1024), 'frame.oversized'],
      [flip(good, good.length - 5), 'signature.invalid'],
      [flip(good, good.length - 200), 'signature.invalid'],
      [forged, 'certificate.untrusted'],
      [byNode, 'certificate.role'],
      [otherName, 'sender.mismatch'],
      [otherQueue, 'sender.mismatch'],
    ];
    for (const [bytes] of bad) await bench.asker.sendBytes(bytes);
    await eventually(() => expect(agent.counters.unvalidated).toBe(bad.length));
    for (const kind of new Set(bad.map(([, code]) => code))) expect(events(kind), kind).toHaveLength(1);
    expect(await ask({})).toMatchObject({ outcome: 'ok' });
    expect(bench.asker.replies).toHaveLength(1);
    bench.clock.shiftMs += 60_000;
    await bench.asker.sendBytes(new Uint8Array());
    await eventually(() => expect(events('frame.truncated')).toHaveLength(2));
    expect(events('frame.truncated')[1]).toMatchObject({ passedOver: 1 });
  });

  it('in great number do not keep good ones waiting', async () => {
    const body = Buffer.from('rubbish');
    for (let count = 0; count < 500; count++) await bench.asker.sendBytes(body);
    expect(await ask({})).toMatchObject({ outcome: 'ok' });
    await eventually(() => expect(agent.counters.unvalidated).toBe(500));
    expect(events('frame.malformed')).toHaveLength(1);
  });
});
