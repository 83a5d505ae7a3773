import { describe, expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { namesRestMs, SelectByNameState } from './select-by-name-state.svelte.ts';

describe('SelectByNameState', () => {
  it('tells known nodes from unknown names and from what is none, once typing rests', async () => {
    const { bridge, clock, engine, settled } = createWindowRig();
    const known = engine.nodes[0]?.identity ?? '';
    const names = new SelectByNameState(bridge, clock);
    names.edit(known);
    names.edit(`${known}, nobody[1-3].example.com\nwh@t`);
    expect(names.isReading).toBe(true);
    clock.move(namesRestMs);
    await settled();
    expect(names.found).toMatchObject({
      known: [known],
      unknown: ['nobody1.example.com', 'nobody2.example.com', 'nobody3.example.com'],
      malformed: [{ text: 'wh@t' }],
    });
    expect(engine.calls.filter((name) => name === 'fleet.resolve')).toHaveLength(1);
    names.edit('  ');
    clock.move(namesRestMs);
    await settled();
    expect(names.found).toBeNull();
  });
});
