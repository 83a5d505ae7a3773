import { describe, expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { FleetState } from './fleet-state.svelte.ts';

const shown = (fleet: FleetState) => fleet.rows.loaded.map(({ identity }) => identity);

describe('FleetState', () => {
  it('begins with the usual facts that nodes have', async () => {
    const { bridge, settled } = createWindowRig();
    const fleet = new FleetState(bridge);
    fleet.show('');
    await settled();
    expect(fleet.layout.facts.slice(0, 3)).toEqual(['os.name', 'os.release.full', 'role']);
    expect(fleet.rows.row(0)?.facts['role']).toBe('build');
  });

  it('remembers chosen columns and widths', async () => {
    const { bridge, settled } = createWindowRig();
    const fleet = new FleetState(bridge);
    fleet.show('');
    await settled();
    fleet.chooseFacts(['kernel.release']);
    fleet.resize('kernel.release', 300);
    await settled();
    const again = new FleetState(bridge);
    await settled();
    expect(again.columns.map(({ id, width }) => [id, width])[1]).toEqual(['kernel.release', 300]);
  });

  it('sorts both ways and filters, and forgets the selection with the filter', async () => {
    const { bridge, settled } = createWindowRig();
    const fleet = new FleetState(bridge);
    fleet.show('');
    fleet.sortBy({ by: '@identity', descending: true });
    await settled();
    expect(shown(fleet)).toEqual(shown(fleet).toSorted().reverse());
    await fleet.selectAll();
    expect(fleet.selection.size).toBe(30);
    fleet.show('role=web');
    await settled();
    expect(fleet.selection.size).toBe(0);
    expect(shown(fleet).every((identity) => identity.startsWith('web'))).toBe(true);
  });

  it('selects ranges that are not in memory', async () => {
    const { bridge, settled } = createWindowRig(1500);
    const fleet = new FleetState(bridge);
    fleet.show('');
    await settled();
    expect(await fleet.identitiesBetween(10, 1209)).toHaveLength(1200);
    expect(fleet.rows.loaded).toHaveLength(100);
  });
});
