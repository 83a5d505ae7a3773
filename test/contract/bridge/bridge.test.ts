import { randomBytes } from 'node:crypto';
import { ReportTickets, startBrowserHost } from '@muster/electron/browser-host';
import { createBridgeClient, type StartTimer, type StreamItem, type Transport } from '@muster/protocol/bridge';
import { unwrap } from '@muster/protocol/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSession, sessionTransport } from '../../support/browser-requests.ts';
import { eventually } from '../../support/eventually.ts';
import { createHandClock, type HandClock } from '../../support/hand-clock.ts';
import { createSmallEngine, type SmallEngine } from './small-engine.ts';

interface Connected {
  readonly transport: Transport;
  /** Ends the host's side as if the window had gone away for good. */
  leave(): Promise<void>;
}

const inMemory = ({ dispatcher }: SmallEngine): Promise<Connected> =>
  Promise.resolve({
    transport: (name, payload) => dispatcher.dispatch(name, payload, 'window-1'),
    leave: () => {
      dispatcher.forget('window-1');
      return Promise.resolve();
    },
  });

async function overHttp({ dispatcher }: SmallEngine, startTimer: StartTimer): Promise<Connected> {
  const files = new Map();
  const reports = new ReportTickets(randomBytes, startTimer);
  const host = unwrap(await startBrowserHost({ dispatcher, files, reports, randomBytes, startTimer }));
  const session = await openSession(host.issueLink());
  return { transport: sessionTransport(host.origin, session ?? ''), leave: () => host.close() };
}

describe.each([
  { over: 'memory', connect: inMemory },
  { over: 'the browser host', connect: overHttp },
])('the bridge over $over', ({ connect }) => {
  let clock: HandClock;
  let hostClock: HandClock;
  let engine: SmallEngine;
  let connected: Connected;
  const send: Transport = (name, payload) => connected.transport(name, payload);
  const openStream = async (name: string, params: unknown = {}): Promise<string> => {
    // `stream.open` answers with the stream's id.
    const opened = unwrap(await send('stream.open', { name, params })) as { streamId: string };
    return opened.streamId;
  };
  const pull = (...streamIds: string[]) => send('stream.pull', { streamIds });
  const items = (streamId: string, ...all: unknown[]) => ({
    ok: true,
    value: { news: all.map((item) => ({ streamId, item })), ended: [] },
  });

  beforeEach(async () => {
    clock = createHandClock();
    engine = createSmallEngine(clock.startTimer);
    hostClock = createHandClock();
    connected = await connect(engine, hostClock.startTimer);
  });

  afterEach(async () => {
    await connected.leave();
    expect(engine.openSources()).toBe(0);
    engine.dispatcher.close();
    await eventually(() => expect(clock.waiting() + hostClock.waiting()).toBe(0));
  });

  it('carries parameters there and values back', async () => {
    const client = createBridgeClient(send, () => Promise.resolve());
    const value = { theme: 'dark', widths: [1, 2.5, null], text: 'Grüße, 漢字, \u2028' };
    expect(await client.call('preferences.set', { key: 'window', value })).toEqual({ ok: true, value: {} });
    expect(await client.call('preferences.get', { key: 'window' })).toEqual({ ok: true, value: { value } });
  });

  it('carries faults whole', async () => {
    expect(await send('fleet.count', { filter: 'broken(' })).toEqual({
      ok: false,
      error: { code: 'filter.syntax', message: 'A bracket is open', position: { start: 6, end: 7 } },
    });
  });

  it.each([
    ['a missing parameter', 'fleet.count', {}],
    ['a parameter of another kind', 'fleet.count', { filter: 7 }],
    ['a parameter out of bounds', 'fleet.factValues', { path: 'os', limit: 0 }],
    ['no object at all', 'fleet.count', null],
    ['a stream without a name', 'stream.open', {}],
    ['a stream with bad parameters', 'stream.open', { name: 'runs.changes', params: { runId: '../..' } }],
  ])('refuses %s', async (_what, name, payload) => {
    expect(await send(name, payload)).toMatchObject({ ok: false, error: { code: 'bridge.invalid_params' } });
  });

  it.each([
    ['a call', 'fleet.destroy', {}],
    ['a call with the name of an inherited property', 'constructor', {}],
    ['a stream', 'stream.open', { name: 'fleet.secrets', params: {} }],
    ['a stream with the name of an inherited property', 'stream.open', { name: '__proto__', params: {} }],
  ])('does not know %s that the contract lacks', async (_what, name, payload) => {
    expect(await send(name, payload)).toMatchObject({ ok: false, error: { code: 'bridge.unknown_endpoint' } });
  });

  it('turns a defect behind a call into a fault and reports it', async () => {
    expect(await send('fleet.refresh', {})).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(engine.defects).toEqual(['fleet.refresh']);
  });

  it('gives the present state first and the news after it', async () => {
    engine.changeFleet({ total: 5, revision: 1 });
    const streamId = await openStream('fleet.changes');
    expect(await pull(streamId)).toEqual(items(streamId, { total: 5, revision: 1 }));
    const pulled = pull(streamId);
    await eventually(() => expect(clock.waiting()).toBe(1));
    engine.changeFleet({ total: 6, revision: 2 });
    expect(await pulled).toEqual(items(streamId, { total: 6, revision: 2 }));
  });

  it('keeps only the latest news between two pulls', async () => {
    const streamId = await openStream('fleet.changes');
    for (let revision = 1; revision <= 1000; revision++) engine.changeFleet({ total: revision, revision });
    expect(await pull(streamId)).toEqual(items(streamId, { total: 1000, revision: 1000 }));
  });

  it('returns from a pull empty-handed when nothing happens', async () => {
    const streamId = await openStream('fleet.changes');
    await pull(streamId);
    const pulled = pull(streamId);
    await eventually(() => expect(clock.waiting()).toBe(1));
    clock.advance(20_000);
    expect(await pulled).toEqual(items(streamId));
  });

  it('closes a stream, wakes its pull and knows it no longer', async () => {
    const streamId = await openStream('fleet.changes');
    await pull(streamId);
    const pulled = pull(streamId);
    await eventually(() => expect(clock.waiting()).toBe(1));
    expect(await send('stream.close', { streamId })).toEqual({ ok: true, value: {} });
    const isOver = { ok: true, value: { news: [], ended: [streamId] } };
    expect(await pulled).toEqual(isOver);
    expect(engine.openSources()).toBe(0);
    expect(await pull(streamId)).toEqual(isOver);
  });

  it('pulls many streams at once, and tells of each what is new of it', async () => {
    engine.changeFleet({ total: 5, revision: 1 });
    const [one, other] = [await openStream('fleet.changes'), await openStream('fleet.changes')];
    const item = { total: 5, revision: 1 };
    const both = [one, other].map((streamId) => ({ streamId, item }));
    expect(await pull(one, 'nosuch', other)).toEqual({ ok: true, value: { news: both, ended: ['nosuch'] } });
    const pulled = pull(one, other);
    await eventually(() => expect(clock.waiting()).toBe(1));
    await send('stream.close', { streamId: other });
    expect(await pulled).toEqual({ ok: true, value: { news: [], ended: [other] } });
  });

  it('ends a pull when a later one asks for the same stream', async () => {
    const streamId = await openStream('fleet.changes');
    await pull(streamId);
    const earlier = pull(streamId);
    await eventually(() => expect(clock.waiting()).toBe(1));
    const later = pull(streamId, await openStream('fleet.changes'));
    expect(await earlier).toEqual(items(streamId));
    expect(await later).toMatchObject({ ok: true });
  });

  it('says why a stream cannot be opened', async () => {
    const params = { runId: '0123456789abcdef0123456789abcdef' };
    expect(await send('stream.open', { name: 'runs.changes', params })).toMatchObject({
      ok: false,
      error: { code: 'run.unknown' },
    });
  });

  it('bounds the streams of one window', async () => {
    for (let opened = 0; opened < 64; opened++) await openStream('fleet.changes');
    expect(await send('stream.open', { name: 'fleet.changes', params: {} })).toMatchObject({
      ok: false,
      error: { code: 'bridge.forbidden' },
    });
  });

  it('lets a client follow until it has enough', async () => {
    const client = createBridgeClient(send, () => Promise.resolve());
    const seen: StreamItem<'fleet.changes'>[] = [];
    const stop = client.follow('fleet.changes', {}, (item) => seen.push(item));
    for (let revision = 1; revision <= 3; revision++) {
      await eventually(() => expect(seen.at(-1)?.revision).toBe(revision - 1));
      engine.changeFleet({ total: revision, revision });
    }
    await eventually(() => expect(seen.at(-1)?.revision).toBe(3));
    stop();
    await eventually(() => expect(engine.openSources()).toBe(0));
  });

  it('lets a client follow many streams over one call at a time', async () => {
    let [open, most] = [0, 0];
    const counted: Transport = async (name, payload) => {
      if (name !== 'stream.pull') return send(name, payload);
      open += 1;
      most = Math.max(most, open);
      try {
        return await send(name, payload);
      } finally {
        open -= 1;
      }
    };
    const client = createBridgeClient(counted, () => Promise.resolve());
    const seen = Array.from({ length: 20 }, () => -1);
    const stops = seen.map((_none, at) =>
      client.follow('fleet.changes', {}, ({ revision }) => {
        seen[at] = revision;
      }),
    );
    await eventually(() => expect(engine.openSources()).toBe(20));
    await eventually(() => expect(open).toBe(1));
    most = 0;
    for (let revision = 1; revision <= 3; revision++) {
      engine.changeFleet({ total: revision, revision });
      await eventually(() => expect(new Set(seen)).toEqual(new Set([revision])));
    }
    expect(most).toBe(1);
    for (const stop of stops) stop();
    await eventually(() => expect(engine.openSources()).toBe(0));
  });

  it('opens a stream again that the engine closed', async () => {
    const client = createBridgeClient(send, () => Promise.resolve());
    const seen: number[] = [];
    const faults: string[] = [];
    const stop = client.follow(
      'fleet.changes',
      {},
      ({ revision }) => seen.push(revision),
      ({ code }) => faults.push(code),
    );
    await eventually(() => expect(seen).toHaveLength(1));
    await eventually(() => expect(clock.waiting()).toBe(1));
    engine.dispatcher.close();
    await eventually(() => expect(seen).toHaveLength(2));
    expect(faults).toEqual(['bridge.unknown_stream']);
    stop();
    await eventually(() => expect(engine.openSources()).toBe(0));
  });
});
