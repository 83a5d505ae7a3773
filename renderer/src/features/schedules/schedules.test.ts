import type { ScheduleDraft } from '@muster/protocol/bridge';
import { describe, expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { localText, ScheduleFormState } from './schedule-form-state.svelte.ts';
import { ScheduleListState } from './schedule-list-state.svelte.ts';

const order: ScheduleDraft['order'] = {
  agent: 'rpcutil',
  action: 'ping',
  inputs: {},
  target: { kind: 'filter', filter: '' },
};

async function openForm() {
  const rig = createWindowRig(3);
  const form = new ScheduleFormState(rig.bridge, rig.clock, { order, name: 'rpcutil ping' });
  await rig.settled();
  /** What is typed counts once typing rests. */
  const type = async (parts: Parameters<typeof form.change>[0]) => {
    form.change(parts);
    rig.clock.move(1000);
    await rig.settled();
  };
  return { ...rig, form, type };
}

describe('ScheduleFormState', () => {
  it('shows the next times of what is typed, and says what is wrong with it', async () => {
    const { form, type } = await openForm();
    expect(form.upcoming).toHaveLength(5);
    expect(form.canSave).toBe(true);
    await type({ cron: 'nonsense' });
    expect(form.upcoming).toEqual([]);
    expect(form.fault?.code).toBe('schedule.invalid');
    expect(form.canSave).toBe(false);
    await type({ cron: ' ' });
    expect(form.upcoming).toEqual([]);
    await type({ cron: '0 3 * * *' });
    expect(form.fault).toBeNull();
    expect(form.canSave).toBe(true);
  });

  it('offers the time zone of the browser, whatever that is, and UTC', async () => {
    const { form } = await openForm();
    expect(form.timeZones).toEqual(expect.arrayContaining([form.fields.timeZone, 'UTC', 'Europe/Berlin']));
  });

  it('wants a name, times to come and a duration', async () => {
    const { form, type, clock } = await openForm();
    await type({ name: ' ', kind: 'once', at: '2001-01-01T00:00', ends: true, endsAt: '', isLate: true, late: '9 d' });
    expect([...form.faults].sort()).toEqual(['at', 'endsAt', 'late', 'name']);
    expect(await form.save()).toBe(false);
    const later = localText(clock.now() + 7_200_000);
    await type({ name: 'Ping', at: later, endsAt: later, late: '30 min' });
    expect(form.faults.size).toBe(0);
  });

  it('keeps what was typed, and finds it again', async () => {
    const { bridge, clock, engine, form, type } = await openForm();
    await type({
      name: ' Nightly ',
      cron: '30 2 * * *',
      timeZone: 'Europe/Berlin',
      isLate: true,
      late: '2 h',
      overlaps: true,
    });
    expect(await form.save()).toBe(true);
    const [schedule] = engine.schedules.schedules;
    expect(schedule).toMatchObject({
      name: 'Nightly',
      timing: { kind: 'cron', cron: '30 2 * * *', timeZone: 'Europe/Berlin' },
      expiresAtMs: null,
      missed: { kind: 'late', withinMs: 7_200_000 },
      overlap: 'start',
      order,
    });
    if (schedule === undefined) throw new Error('there is no schedule');
    const again = new ScheduleFormState(bridge, clock, { order, name: '', schedule });
    expect(again.fields).toMatchObject({ name: 'Nightly', cron: '30 2 * * *', isLate: true, late: '120 min' });
    expect(await again.save()).toBe(true);
    expect(engine.schedules.schedules).toHaveLength(1);
    form.dispose();
    again.dispose();
  });
});

describe('ScheduleListState', () => {
  it('follows schedules, pauses, runs and removes them', async () => {
    const { bridge, engine, form, settled } = await openForm();
    const list = new ScheduleListState(bridge);
    await settled();
    expect(list.schedules).toEqual([]);
    await form.save();
    await settled();
    const [schedule] = list.schedules ?? [];
    if (schedule === undefined) throw new Error('there is no schedule');
    await list.pause(schedule);
    expect(list.schedules?.[0]?.isPaused).toBe(true);
    list.open(schedule.scheduleId);
    expect(await list.run(schedule)).toMatch(/^d+$/);
    await settled();
    expect(list.occurrences?.map(({ outcome, isManual }) => [outcome, isManual])).toEqual([['started', true]]);
    await list.remove(schedule);
    expect([list.schedules, list.opened]).toEqual([[], null]);
    engine.isGone = true;
    expect(await list.run(schedule)).toBeNull();
    expect(list.fault?.code).toBe('bridge.unreachable');
    list.dispose();
    form.dispose();
  });
});
