import { describe, expect, it } from 'vitest';
import { runMuster } from '../program.ts';
import { memoryWorld, type MemoryOptions } from '../testing/memory-surroundings.ts';
import { smallFleet } from '../testing/small-fleet.ts';

const nightly = ['nightly', 'rpcutil', 'get_fact', 'fact=os', '--cron', '30 2 * * *', '--time-zone', 'Europe/Berlin'];

function fleet() {
  const engine = smallFleet();
  const muster = async (args: readonly string[], more: MemoryOptions = {}) => {
    const world = memoryWorld({ engine, ...more });
    const code = await runMuster(['schedule', ...args], world.surroundings);
    return { code, out: world.stdout.text(), err: world.stderr.text() };
  };
  return { engine, muster };
}

describe('muster schedule', () => {
  it('adds what runs again and again, and lists it', async () => {
    const { muster } = fleet();
    expect((await muster(['list'])).out).toBe('There are no schedules.\n');
    const added = await muster(['add', ...nightly, '-F', 'os=Debian', '--late', '90m', '--overlap', 'start', '--json']);
    expect(added).toMatchObject({ code: 0, err: '' });
    const schedule = {
      name: 'nightly',
      agent: 'rpcutil',
      action: 'get_fact',
      inputs: { fact: 'os' },
      target: { kind: 'filter', filter: 'os=Debian' },
      at_utc: null,
      cron: '30 2 * * *',
      time_zone: 'Europe/Berlin',
      expires_utc: null,
      late_within_s: 5400,
      overlap: 'start',
      paused: false,
      last: null,
    };
    expect(JSON.parse(added.out)).toMatchObject(schedule);
    const listed: unknown = JSON.parse((await muster(['list', '--json'])).out);
    // 22:13 in UTC is 23:13 in Berlin.
    expect(listed).toMatchObject([
      { ...schedule, next_utc: expect.arrayContaining(['2023-11-15T01:30:00.000Z']) as unknown },
    ]);
    expect((await muster(['list'])).out).toMatch(
      /nightly +rpcutil get_fact +30 2 \* \* \* \(Europe\/Berlin\) +2023-11-15T01:30/,
    );
  });

  it.each([
    [['x', 'rpcutil', 'ping'], /either a time \(--at\) or a cron expression/],
    [['x', 'rpcutil', 'ping', '--at', '2d', '--cron', '0 * * * *'], /either a time/],
    [['x', 'rpcutil', 'ping', '--at', '2d', '--time-zone', 'UTC'], /--time-zone belongs to --cron/],
    [['x', 'rpcutil', 'ping', '--at', 'soon'], /soon/],
    [['x', 'rpcutil', 'ping', '--cron', '61 * * * *'], /cron/],
    [['x', 'rpcutil', 'ping', '--cron', '0 * * * *', '--time-zone', 'Nowhere/Town'], /Nowhere\/Town|time zone/i],
    [['x', 'rpcutil', 'nosuch', '--cron', '0 * * * *'], /nosuch/],
    [['x', 'rpcutil', 'ping', '--cron', '0 * * * *', '--dm', 'puppetdb'], /--dm/],
  ])('keeps nothing of %j', async (args, reason) => {
    const { muster } = fleet();
    const refused = await muster(['add', ...args]);
    expect(refused).toMatchObject({ out: '' });
    expect(refused.code).not.toBe(0);
    expect(refused.err).toMatch(reason);
    expect((await muster(['list', '--json'])).out).toBe('[]\n');
  });

  it('pauses, resumes and removes by name or by the first digits of the id', async () => {
    const { muster } = fleet();
    await muster(['add', ...nightly]);
    const paused = await muster(['pause', 'nightly', '--json']);
    expect(JSON.parse(paused.out)).toMatchObject({ paused: true });
    expect((await muster(['list'])).out).toContain('paused');
    const [{ schedule_id: id }] = JSON.parse((await muster(['list', '--json'])).out) as [{ schedule_id: string }];
    expect(JSON.parse((await muster(['resume', id.slice(0, 8), '--json'])).out)).toMatchObject({ paused: false });
    expect(await muster(['remove', 'nosuch'])).toMatchObject({ code: 1, out: '' });
    expect(await muster(['remove', 'nightly'])).toMatchObject({ code: 0, out: 'Schedule nightly removed\n' });
    expect((await muster(['list'])).out).toBe('There are no schedules.\n');
  });

  it('asks which one is meant when two have a name', async () => {
    const { muster } = fleet();
    await muster(['add', ...nightly]);
    await muster(['add', ...nightly]);
    const refused = await muster(['pause', 'nightly']);
    expect(refused.err).toContain('2 schedules are called "nightly"');
    expect(refused.code).not.toBe(0);
  });

  it('runs now, waits for the end, and tells what became of it', async () => {
    const { engine, muster } = fleet();
    expect(await muster(['add', ...nightly])).toMatchObject({ code: 0, err: '' });
    const ran = await muster(['run', 'nightly', '--json']);
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.out)).toMatchObject({
      state: 'finished',
      run_id: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
    });
    expect(engine.orders).toMatchObject([{ agent: 'rpcutil', action: 'get_fact', inputs: { fact: 'os' } }]);
    const listed: unknown = JSON.parse((await muster(['list', '--json'])).out);
    expect(listed).toMatchObject([{ last: { outcome: 'started', by_hand: true, fault: null } }]);
  });
});
