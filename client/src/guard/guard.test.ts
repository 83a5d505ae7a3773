import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBridgeClient, type BridgeClient, type Dispatcher, type GuardStatus } from '@muster/protocol/bridge';
import { fail, ok, unwrap, type Result } from '@muster/protocol/errors';
import { createEngineBench, startTimer, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import type { FakeNodeOptions } from '../../../test/support/client/fake-fleet.ts';
import { openGuard, protectedKeys } from '../../../test/support/client/open-guard.ts';
import { browserReports } from '../../../test/support/client/browser-reports.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { createHandClock, type HandClock } from '../../../test/support/hand-clock.ts';
import type { Engine } from '../engine/index.ts';
import { createWindowBridge } from '../window/index.ts';
import type { Guard, GuardOptions, PassphraseKeeper } from './index.ts';

const word = 'correct horse';
const minute = 60_000;

let bench: EngineBench;
let hand: HandClock;
let engines: Engine[];
let closed: number;
let guard: Guard;
let bridge: Dispatcher;
let window: BridgeClient;

/** Opens an engine whose key the word opens, as `openEngine` does; `inFile` is what a file of the configuration says. */
const opener =
  (inFile?: string): GuardOptions['openEngine'] =>
  async (passphrase) => {
    const given = unwrap((await passphrase?.({ file: 'alice.key', attempt: 1 })) ?? ok(inFile ?? null));
    if (given === null) return fail('key.locked', 'The key is protected');
    if (given !== word) return fail('key.wrong_passphrase', 'That is not the word');
    const engine = await bench.open();
    engines.push(engine);
    const close = async () => {
      closed++;
      await engine.close();
    };
    return ok(
      new Proxy(engine, { get: (of, name) => (name === 'close' ? close : (Reflect.get(of, name) as unknown)) }),
    );
  };

async function open(options: Partial<GuardOptions> = {}): Promise<void> {
  guard = await openGuard(opener(), {
    keys: protectedKeys(word),
    clock: hand.clock,
    startTimer: hand.startTimer,
    ...options,
  });
  bridge = createWindowBridge(guard, {
    startTimer,
    reports: browserReports,
    onDefect: (_name, thrown) => {
      throw thrown;
    },
  });
  const pause = (ms: number) => new Promise<void>((resolve) => startTimer(ms, resolve));
  window = createBridgeClient((name, payload) => bridge.dispatch(name, payload, 'window'), pause);
}
const unlock = (passphrase: string | undefined, remember = false): Promise<Result<unknown>> =>
  window.call('guard.unlock', { remember, ...(passphrase === undefined ? {} : { passphrase }) });
/** Takes the request, and never says a word. */
const neverToPing: FakeNodeOptions['answer'] = ({ agent, action }, usual) =>
  agent === 'rpcutil' && action === 'ping' ? null : usual;
const locked = { ok: false, error: { code: 'console.locked' } };

beforeEach(async () => {
  bench = await createEngineBench();
  hand = createHandClock();
  [engines, closed] = [[], 0];
});
afterEach(async () => {
  bridge.close();
  await guard.close();
  await bench.close();
});

describe('a console whose key is protected', () => {
  it('starts locked, and opens with the passphrase alone', async () => {
    await open();
    expect(guard.status.lock).toMatchObject({ reason: 'start', isConducting: false });
    expect(await window.call('session.get', {})).toMatchObject(locked);
    expect(unwrap(await window.call('guard.state', {}))).toMatchObject({ person: 'alice', protection: 'passphrase' });
    for (const wrong of ['correct hors', '', undefined])
      expect(await unlock(wrong)).toMatchObject({ error: { code: 'key.wrong_passphrase' } });
    expect(engines).toHaveLength(0);
    expect(await unlock(word)).toEqual({ ok: true, value: {} });
    expect(unwrap(await window.call('session.get', {})).person).toBe('alice');
  });

  it('writes down that it was locked and unlocked, and how often somebody failed before', async () => {
    await open();
    for (const said of ['guessed', 'guessed again', word]) await unlock(said);
    unwrap(await window.call('guard.lock', {}));
    await unlock(word);
    await eventually(async () => {
      const { rows } = unwrap(await window.call('audit.records', { search: 'lock', offset: 0, limit: 10 }));
      expect(rows.map(({ kind }) => kind)).toEqual(['unlock', 'lock', 'unlock']);
      expect(rows[2]?.text).toContain('refusedBefore=2');
    });
  });

  it('is open from the start where a file has the passphrase, and locks all the same', async () => {
    await open({ openEngine: opener(word) });
    expect(guard.status.lock).toBeNull();
    unwrap(await window.call('guard.lock', {}));
    expect(await unlock(undefined)).toMatchObject({ error: { code: 'key.wrong_passphrase' } });
    expect(await unlock(word)).toMatchObject({ ok: true });
  });

  it('refuses everything from the moment that it is locked, also what is under way', async () => {
    await open();
    await unlock(word);
    const totals: number[] = [];
    const faults: string[] = [];
    const statuses: GuardStatus[] = [];
    const stops = [
      window.follow(
        'fleet.changes',
        {},
        ({ total }) => totals.push(total),
        ({ code }) => faults.push(code),
      ),
      window.follow('guard.changes', {}, (status) => statuses.push(status)),
    ];
    await eventually(() => expect(totals).toContain(0));
    const underWay = window.call('fleet.count', { filter: '' });
    unwrap(guard.lock('person'));
    expect(await underWay).toMatchObject(locked);
    expect(await window.call('runs.list', { search: '', offset: 0, limit: 1 })).toMatchObject(locked);
    expect(await window.call('preferences.get', { key: 'theme' })).toMatchObject(locked);
    await eventually(() => expect(faults).toContain('console.locked'));
    await eventually(() => expect(statuses.at(-1)?.lock?.reason).toBe('person'));
    await unlock(word);
    await eventually(() => expect(statuses.at(-1)?.lock).toBeNull());
    for (const stop of stops) stop();
  });

  it('closes the engine and its key once it conducts no run any more', async () => {
    await open();
    await unlock(word);
    await bench.fleet.add('web01', { answer: neverToPing });
    const target = { kind: 'nodes' as const, identities: ['web01'] };
    const order = { agent: 'rpcutil', action: 'ping', inputs: {}, target, timeoutMs: 1500 };
    const { runId } = unwrap(await window.call('runs.start', order));
    unwrap(guard.lock('person'));
    await eventually(() => {
      hand.advance(1000);
      expect(guard.status.lock?.isConducting).toBe(true);
    });
    expect(closed).toBe(0);
    await eventually(() => {
      hand.advance(1000);
      expect(closed).toBe(1);
    });
    await unlock(word);
    expect(engines).toHaveLength(2);
    expect(unwrap(await window.call('runs.get', { runId })).states).toEqual({ no_answer: 1 });
  });

  it('keeps the engine that conducts a run when it is unlocked again, with the right passphrase', async () => {
    await open();
    await unlock(word);
    await bench.fleet.add('web01', { answer: neverToPing });
    const target = { kind: 'nodes' as const, identities: ['web01'] };
    unwrap(
      await window.call('runs.start', { agent: 'rpcutil', action: 'ping', inputs: {}, target, timeoutMs: 60_000 }),
    );
    unwrap(guard.lock('person'));
    expect(await unlock('wrong')).toMatchObject({ error: { code: 'key.wrong_passphrase' } });
    expect(await unlock(word)).toMatchObject({ ok: true });
    expect([engines.length, closed]).toEqual([1, 0]);
  });
});

describe('a lock by itself', () => {
  it('comes when nobody touched the window for as long as configured', async () => {
    await open();
    await unlock(word);
    expect(guard.status.lockAfterMs).toBe(15 * minute);
    for (let passed = 0; passed < 14 * minute; passed += 30_000) hand.advance(30_000);
    unwrap(await window.call('guard.touch', {}));
    for (let passed = 0; passed < 14.5 * minute; passed += 30_000) hand.advance(30_000);
    expect(guard.status.lock).toBeNull();
    hand.advance(30_000);
    expect(guard.status.lock?.reason).toBe('idle');
  });

  it('comes when time has passed that nobody saw pass', async () => {
    await open();
    await unlock(word);
    hand.advance(2 * minute);
    expect(guard.status.lock?.reason).toBe('sleep');
  });

  it('never comes where the key is in the open: nothing could unlock it', async () => {
    await open({
      keys: { ...protectedKeys(''), describe: () => Promise.resolve(ok({ person: 'alice', protection: 'none' })) },
      openEngine: opener(word),
    });
    expect(await window.call('guard.lock', {})).toMatchObject({ error: { code: 'usage.invalid' } });
    hand.advance(60 * minute);
    expect(guard.status.lock).toBeNull();
    expect(guard.status.lockAfterMs).toBeNull();
  });
});

describe('a passphrase that is remembered', () => {
  const keeperOf = (kept: string | null): PassphraseKeeper & { readonly kept: () => string | null } => {
    let now = kept;
    return {
      isAvailable: true,
      load: () => Promise.resolve(now),
      keep(passphrase) {
        now = passphrase;
        return Promise.resolve(ok(undefined));
      },
      forget() {
        now = null;
        return Promise.resolve();
      },
      kept: () => now,
    };
  };

  it('opens the console at the start, and never a lock', async () => {
    const keeper = keeperOf(null);
    await open({ keeper });
    await unlock('wrong', true);
    expect(keeper.kept()).toBeNull();
    await unlock(word, true);
    expect([keeper.kept(), guard.status.remembering]).toEqual([word, 'yes']);
    await guard.close();
    await open({ keeper });
    expect(guard.status.lock).toBeNull();
    unwrap(guard.lock('sleep'));
    expect(await unlock(undefined)).toMatchObject({ error: { code: 'key.wrong_passphrase' } });
    unwrap(await window.call('guard.forget', {}));
    expect([keeper.kept(), guard.status.remembering]).toEqual([null, 'no']);
  });

  it('is forgotten when it does not open the key any more', async () => {
    const keeper = keeperOf('of an earlier key');
    await open({ keeper });
    expect(guard.status.lock?.reason).toBe('start');
    expect([keeper.kept(), guard.status.remembering]).toEqual([null, 'no']);
  });
});

describe('a console that only reads', () => {
  it('stays so through a lock, once it was turned on', async () => {
    await open();
    await unlock(word);
    expect(guard.status.isReadOnly).toBe(false);
    unwrap(await window.call('guard.readOnly', {}));
    unwrap(guard.lock('person'));
    await eventually(() => expect(closed).toBe(1));
    await unlock(word);
    expect(guard.status.isReadOnly).toBe(true);
    expect(engines.at(-1)?.readOnly.isOn).toBe(true);
  });
});
