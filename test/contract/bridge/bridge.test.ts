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
    expect(await send('stream.pull', { streamId })).toEqual({
      ok: true,
      value: { items: [{ total: 5, revision: 1 }] },
    });
    const pulled = send('stream.pull', { streamId });
    await eventually(() => expect(clock.waiting()).toBe(1));
    engine.changeFleet({ total: 6, revision: 2 });
    expect(await pulled).toEqual({ ok: true, value: { items: [{ total: 6, revision: 2 }] } });
  });

  it('keeps only the latest news between two pulls', async () => {
    const streamId = await openStream('fleet.changes');
    for (let revision = 1; revision <= 1000; revision++) engine.changeFleet({ total: revision, revision });
    expect(await send('stream.pull', { streamId })).toEqual({
      ok: true,
      value: { items: [{ total: 1000, revision: 1000 }] },
    });
  });

  it('returns from a pull empty-handed when nothing happens', async () => {
    const streamId = await openStream('fleet.changes');
    await send('stream.pull', { streamId });
    const pulled = send('stream.pull', { streamId });
    await eventually(() => expect(clock.waiting()).toBe(1));
    clock.advance(20_000);
    expect(await pulled).toEqual({ ok: true, value: { items: [] } });
  });

  it('closes a stream, wakes its pull and knows it no longer', async () => {
    const streamId = await openStream('fleet.changes');
    await send('stream.pull', { streamId });
    const pulled = send('stream.pull', { streamId });
    await eventually(() => expect(clock.waiting()).toBe(1));
    expect(await send('stream.close', { streamId })).toEqual({ ok: true, value: {} });
    expect(await pulled).toMatchObject({ ok: true });
    expect(engine.openSources()).toBe(0);
    expect(await send('stream.pull', { streamId })).toMatchObject({
      ok: false,
      error: { code: 'bridge.unknown_stream' },
    });
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
});
