import type { RunSummary, ScheduleDraft } from '@muster/protocol/bridge';
import { fail, ok, unwrap, type Result } from '@muster/protocol/errors';
import { createLogger } from '@muster/runtime/logging';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHandClock, type HandClock } from '../../../test/support/hand-clock.ts';
import { openTestStorage, type TestStorage } from '../../../test/support/client/open-test-storage.ts';
import { eventually } from '../../../test/support/eventually.ts';
import type { StartedRun } from '../engine/parts/runs.ts';
import { createSchedules, type SchedulesKeeper } from './schedules.ts';

const hourMs = 3_600_000;
const draft: ScheduleDraft = {
  name: 'Hourly',
  timing: { kind: 'cron', cron: '0 * * * *', timeZone: 'UTC' },
  expiresAtMs: null,
  missed: { kind: 'skip' },
  overlap: 'start',
  order: { agent: 'rpcutil', action: 'ping', inputs: {}, target: { kind: 'filter', filter: 'role=web' } },
};

let store: TestStorage;
let time: HandClock;
const keepers: SchedulesKeeper[] = [];

beforeEach(async () => {
  time = createHandClock();
  store = await openTestStorage(time.clock);
});
afterEach(async () => {
  await Promise.all(keepers.splice(0).map((keeper) => keeper.close()));
  await store.close();
});

/** A console on the database, with runs that are only counted. */
function openConsole(name: string, answer: () => Result<void> = () => ok(undefined)) {
  const started: string[] = [];
  const audited: string[] = [];
  const watchers = new Set<(state: { status: 'up' | 'down' }) => void>();
  const bus = { state: { status: 'up' as 'up' | 'down' } };
  const keeper = createSchedules({
    configuration: { person: 'alice' },
    consoleId: name,
    effects: {
      // Only the state is looked at.
      bus: {
        get state() {
          return bus.state;
        },
        onState(listener: (state: { status: 'up' | 'down' }) => void) {
          watchers.add(listener);
          return () => watchers.delete(listener);
        },
      } as never,
      clock: time.clock,
      startTimer: time.startTimer,
      randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
      logger: createLogger({ name: 'test', level: 'silent', destination: { write: () => undefined } }),
    },
    audit: {
      note(kind, details) {
        audited.push(`${kind} ${String(details['did'])}`);
        return Promise.resolve(ok(undefined));
      },
    },
    storage: store.storage,
    runs: {
      check: ({ agent }) =>
        Promise.resolve(
          agent === 'nobody' ? fail('agent.unknown', 'No such agent') : ok({ hasSecrets: agent === 'vault' }),
        ),
      start() {
        const may = answer();
        if (!may.ok) return Promise.resolve(may);
        const runId = `${name}${started.length}`.padEnd(32, '0');
        started.push(runId);
        const run: StartedRun = { runId, finished: new Promise<RunSummary>(() => undefined) };
        return Promise.resolve(ok(run));
      },
    },
  });
  keepers.push(keeper);
  return {
    keeper,
    started,
    audited,
    connect(status: 'up' | 'down') {
      bus.state = { status };
      for (const watcher of watchers) watcher(bus.state);
    },
  };
}

const outcomes = async (keeper: SchedulesKeeper, scheduleId: string) =>
  unwrap(await keeper.occurrences({ scheduleId, offset: 0, limit: 50 })).occurrences.map(
    ({ outcome, times }) => `${outcome} ${times}`,
  );

/** Lets the clock pass, and gives the consoles time to act on it. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 15_000) {
    time.advance(Math.min(left, 15_000));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('schedules', () => {
  it('start one run for each time, however many consoles serve', async () => {
    const [one, two] = [openConsole('a'), openConsole('b')];
    one.keeper.serve();
    two.keeper.serve();
    const { scheduleId, upcoming } = unwrap(await one.keeper.save(draft));
    expect(upcoming.slice(0, 2)).toEqual([hourMs, 2 * hourMs]);
    for (const times of [1, 2, 3]) {
      time.advance(hourMs);
      await eventually(() => {
        // Whoever looks later finds that it is taken.
        time.advance(50);
        expect(one.started.length + two.started.length).toBe(times);
      });
      await eventually(async () =>
        expect(await outcomes(one.keeper, scheduleId)).toEqual(Array.from({ length: times }, () => 'started 1')),
      );
    }
    expect([...one.audited, ...two.audited].filter((line) => line === 'schedule start')).toHaveLength(3);
  });

  it('say what was missed while nobody was there, and go on', async () => {
    const before = openConsole('a');
    const { scheduleId } = unwrap(await before.keeper.save(draft));
    time.advance(3.5 * hourMs);
    const { keeper, started, audited } = openConsole('b');
    keeper.serve();
    await eventually(async () => expect(await outcomes(keeper, scheduleId)).toEqual(['missed 3']));
    expect(started).toEqual([]);
    expect(audited).toContain('schedule missed');
    expect(unwrap(await keeper.list())[0]).toMatchObject({
      nextAtMs: 4 * hourMs,
      last: { outcome: 'missed', times: 3 },
    });
  });

  it('start nothing while the console rests or has no broker; what is back in time is on time', async () => {
    const here = openConsole('a');
    const { keeper, started } = here;
    const { scheduleId } = unwrap(await keeper.save(draft));
    keeper.serve();
    keeper.rest(true);
    time.advance(hourMs);
    await pass(30_000);
    expect(started).toEqual([]);
    keeper.rest(false);
    await eventually(() => expect(started).toHaveLength(1));
    here.connect('down');
    time.advance(hourMs);
    await pass(30_000);
    expect(started).toHaveLength(1);
    time.advance(hourMs / 2);
    here.connect('up');
    await eventually(async () => expect(await outcomes(keeper, scheduleId)).toEqual(['missed 1', 'started 1']));
  });

  it('tell why a run was refused', async () => {
    const { keeper } = openConsole('a', () => fail('run.no_targets', 'Nobody'));
    const { scheduleId } = unwrap(await keeper.save(draft));
    keeper.serve();
    time.advance(hourMs);
    await eventually(async () => expect(await outcomes(keeper, scheduleId)).toEqual(['refused 1']));
    expect(unwrap(await keeper.list())[0]?.last?.fault?.code).toBe('run.no_targets');
  });

  it('are paused, changed, run by hand and removed', async () => {
    const { keeper, started } = openConsole('a');
    const { scheduleId } = unwrap(await keeper.save(draft));
    keeper.serve();
    expect(unwrap(await keeper.pause(scheduleId, true)).isPaused).toBe(true);
    time.advance(1.5 * hourMs);
    await pass(30_000);
    expect(started).toEqual([]);
    // What was due during the pause is not made up for.
    expect(unwrap(await keeper.pause(scheduleId, false)).nextAtMs).toBe(2 * hourMs);
    const renamed = unwrap(await keeper.save({ ...draft, name: 'Ping' }, scheduleId));
    expect([renamed.scheduleId, renamed.name]).toEqual([scheduleId, 'Ping']);
    expect(unwrap(await keeper.run(scheduleId)).runId).toBe(started[0]);
    expect(unwrap(await keeper.list())[0]).toMatchObject({
      nextAtMs: 2 * hourMs,
      last: { isManual: true, outcome: 'started', runId: started[0] },
    });
    unwrap(await keeper.remove(scheduleId));
    expect(unwrap(await keeper.list())).toEqual([]);
    expect(await keeper.run(scheduleId)).toMatchObject({ error: { code: 'schedule.unknown' } });
  });

  it('are refused when they make no sense', async () => {
    const { keeper } = openConsole('a');
    const order = { ...draft.order, agent: 'nobody' };
    expect(await keeper.save({ ...draft, order })).toMatchObject({ error: { code: 'agent.unknown' } });
    const secret = { ...draft.order, agent: 'vault' };
    expect(await keeper.save({ ...draft, order: secret })).toMatchObject({ error: { code: 'schedule.secret' } });
    const timing = { kind: 'once', atMs: 0 } as const;
    expect(await keeper.save({ ...draft, timing })).toMatchObject({ error: { code: 'schedule.invalid' } });
    expect(await keeper.save(draft, 'f'.repeat(32))).toMatchObject({ error: { code: 'schedule.unknown' } });
    expect(unwrap(await keeper.list())).toEqual([]);
  });
});
