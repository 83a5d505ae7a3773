import { describe, expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import type { Command } from '../commands/command.ts';
import type { FleetsState } from '../fleets/fleets-state.svelte.ts';
import { matchScore } from './match-score.ts';
import { namesFilter } from './palette-items.ts';
import { PaletteState } from './palette-state.svelte.ts';

const command = (id: string, title: string, group: Command['group']): Command => ({ id, title, group, shortcuts: [] });
const commands = {
  available: [
    command('fleet.refresh', 'Refresh the inventory', 'here'),
    command('go.fleet', 'Go to Fleet', 'pages'),
    command('theme.dark', 'Colours: Dark', 'look'),
  ],
};

describe('how well a text fits', () => {
  it('prefers beginnings of the text, then of words, then parts, then letters in their order', () => {
    const scores = ['fleet', 'go to fleet', 'superfleet', 'f-l-e-e-t x'].map((text) => matchScore('fleet', text) ?? 0);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(new Set(scores).size).toBe(4);
  });
  it('wants every word', () => {
    expect(matchScore('dark colours', 'Colours: Dark')).not.toBeNull();
    expect(matchScore('dark fleet', 'Colours: Dark')).toBeNull();
    expect(matchScore('', 'anything')).toBe(0);
  });
});

describe('the filter for names', () => {
  it('holds every word, and nothing that could mean more', () => {
    expect(namesFilter(' web fra ')).toBe('@identity=*web* and @identity=*fra*');
    expect(namesFilter('')).toBe('');
    for (const hostile of ['web)', "x' or @all", 'a*b', '@all', 'a=b'])
      expect(namesFilter(hostile), hostile).toBeNull();
  });
});

describe('the palette', () => {
  async function openPalette(mode: 'all' | 'nodes', others: FleetsState['others'] = []) {
    const rig = createWindowRig(60);
    const palette = new PaletteState(rig.bridge, rig.clock, commands, { others });
    palette.open(mode);
    await rig.settled();
    const type = async (text: string) => {
      palette.type(text);
      rig.clock.move(500);
      await rig.settled();
    };
    return { ...rig, palette, type };
  }

  it('shows commands by group, and recent runs, before anything is typed', async () => {
    const { palette } = await openPalette('all');
    expect(palette.sections.map(({ id }) => id)).toEqual(['here', 'pages', 'look']);
    expect(palette.item(1)).toMatchObject({ kind: 'command', command: { id: 'go.fleet' } });
  });

  it('finds other fleets by their names', async () => {
    const staging = { name: 'staging', label: 'staging', colour: 'none', isSetUp: true } as const;
    const { palette, type } = await openPalette('all', [staging]);
    await type('stag');
    expect(palette.item(0)).toMatchObject({ kind: 'fleet', fleet: staging });
  });

  it('finds nodes, actions and runs with what fits best at the top', async () => {
    const { palette, type, bridge } = await openPalette('all');
    await bridge.call('runs.start', {
      ...{ agent: 'rpcutil', action: 'ping', inputs: {} },
      target: { kind: 'filter', filter: '' },
    });
    await type('ping');
    const kinds = palette.sections.flatMap(({ items }) => items.map(({ kind }) => kind));
    expect(new Set(kinds)).toEqual(new Set(['action', 'run']));
    expect(palette.item(0)).toMatchObject({ kind: 'action', agent: 'rpcutil', action: 'ping' });
    await type('web');
    const [nodes] = palette.sections;
    expect(nodes?.id).toBe('nodes');
    expect(nodes?.items.at(-1)?.kind).toBe('allNodes');
  });

  it('finds recipes by name and tag, as it does presets', async () => {
    const { type, palette, bridge } = await openPalette('all');
    const recipe = {
      ...{ name: 'Publish the site', description: '', tags: ['weekly'], agent: 'web', action: 'publish' },
      ...{ inputs: {}, prompts: [], target: { kind: 'filter' as const, filter: '' }, options: {} },
    };
    await bridge.call('recipes.save', { recipe });
    palette.close();
    palette.open('all');
    for (const search of ['publish', 'weekly']) {
      await type(search);
      expect(palette.item(0)).toMatchObject({ kind: 'recipe', recipe: { name: 'Publish the site' } });
    }
  });

  it('goes round at the ends', async () => {
    const { palette } = await openPalette('all');
    palette.move(-1);
    expect(palette.active).toBe(2);
    palette.move(1);
    expect(palette.active).toBe(0);
  });

  it('asks for the nodes in sight only', async () => {
    const { palette, engine, settled } = await openPalette('nodes');
    expect(palette.count).toBe(60);
    const [first] = engine.nodes.map(({ identity }) => identity).toSorted();
    expect(palette.item(0)).toMatchObject({ kind: 'node', identity: first });
    palette.type('nothing-is-called-so');
    palette.close();
    await settled();
    expect([palette.mode, palette.count]).toEqual([null, 0]);
  });
});
