import { describe, expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { FilterState, restAfterNameMs, restMs } from './filter-state.svelte.ts';

describe('FilterState', () => {
  it('counts at once what it begins with', async () => {
    const { bridge, clock, settled } = createWindowRig(30);
    const filter = new FilterState(bridge, clock, 'os.name=Debian');
    await settled();
    expect(filter.total).toBe(30);
    expect(filter.matching).toBeGreaterThan(0);
    expect(filter.matching).toBeLessThan(30);
  });

  it('reads when typing rests, and asks once', async () => {
    const { bridge, clock, engine, settled } = createWindowRig();
    const applied: string[] = [];
    const filter = new FilterState(bridge, clock, '', (text) => applied.push(text));
    await settled();
    for (const text of ['r', 'role', 'role=', 'role=w', 'role=web']) {
      filter.edit(text);
      clock.move(restMs / 2);
    }
    expect(filter.isSettled).toBe(false);
    clock.move(restMs);
    await settled();
    expect(filter.isSettled).toBe(true);
    expect(applied).toEqual(['', 'role=web']);
    expect(engine.calls.filter((name) => name === 'fleet.count')).toHaveLength(2);
  });

  it('waits longer behind a bare name, which may become a fact', () => {
    const { bridge, clock } = createWindowRig();
    const filter = new FilterState(bridge, clock, '');
    filter.edit('nginx');
    clock.move(restMs);
    expect(filter.applied).toBe('');
    clock.move(restAfterNameMs);
    expect(filter.applied).toBe('nginx');
  });

  it('keeps the last readable filter and says where the text is broken', async () => {
    const { bridge, clock, settled } = createWindowRig();
    const filter = new FilterState(bridge, clock, 'role=web');
    await settled();
    filter.edit('role=web and (');
    clock.move(restMs);
    expect(filter.fault?.position?.start).toBe(14);
    expect(filter.applied).toBe('role=web');
    filter.set('');
    expect(filter.fault).toBeNull();
    expect(filter.selectsAll).toBe(true);
  });

  it('leaves no timer behind', () => {
    const { bridge, clock } = createWindowRig();
    const filter = new FilterState(bridge, clock, '');
    filter.edit('role=db');
    filter.dispose();
    expect(clock.pending).toBe(0);
  });
});
