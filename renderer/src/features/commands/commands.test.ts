import { describe, expect, it, vi } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import type { Command } from './command.ts';
import { CommandsState } from './commands-state.svelte.ts';
import { KeymapState } from './keymap-state.svelte.ts';
import { ariaShortcut, collide, isReserved, keyCaps, strokeOf } from './shortcut.ts';
import { ShortcutReader } from './shortcut-reader.ts';

const key = (name: string, timeStamp = 0, more = {}) => ({
  ...{ key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false },
  ...{ timeStamp, ...more },
});

const command = (id: string, ...shortcuts: string[]): Command => ({ id, title: id, group: 'window', shortcuts });
const all = [command('palette', 'mod+k'), command('fleet', 'g f', 'mod+1'), command('sheet', '?'), command('bare')];

describe('strokes', () => {
  it.each([
    [key('k', 0, { ctrlKey: true }), false, 'mod+k'],
    [key('k', 0, { metaKey: true }), true, 'mod+k'],
    [key('k', 0, { ctrlKey: true }), true, 'ctrl+k'],
    [key('K', 0, { ctrlKey: true, shiftKey: true }), false, 'mod+shift+k'],
    [key('?', 0, { shiftKey: true }), false, '?'],
    [key('F2', 0, { shiftKey: true }), false, 'shift+F2'],
    [key(' '), false, 'Space'],
    [key('Shift', 0, { shiftKey: true }), false, null],
  ])('are written in one way', (event, isMac, stroke) => expect(strokeOf(event, isMac)).toBe(stroke));

  it('show as the caps of the keyboard', () => {
    expect(keyCaps('mod+shift+k', false)).toEqual([['Ctrl', 'Shift', 'K']]);
    expect(keyCaps('g f', false)).toEqual([['g'], ['f']]);
    expect(keyCaps('mod++', true)).toEqual([['⌘', '+']]);
    expect(ariaShortcut('mod+k', false)).toBe('Control+k');
  });

  it('collide when one begins the other', () => {
    expect(collide('g', 'g f')).toBe(true);
    expect(collide('g f', 'g h')).toBe(false);
    expect(collide('g f', 'g f')).toBe(true);
  });

  it('leave to the window what it needs', () => {
    for (const shortcut of ['Enter', 'Escape', 'ArrowDown', 'shift+ArrowUp', 'mod+c', 'g Enter']) {
      expect(isReserved(shortcut), shortcut).toBe(true);
    }
    expect(isReserved('mod+e')).toBe(false);
  });
});

describe('the reader of shortcuts', () => {
  const known = new Set(['g h', '/', 'mod+2']);

  it('reads sequences, in time and outside of texts only', () => {
    const reader = new ShortcutReader(false);
    expect(reader.read(key('g'), false, known)).toBeNull();
    expect(reader.read(key('h', 500), false, known)).toBe('g h');
    expect(reader.read(key('h', 600), false, known)).toBeNull();
    reader.read(key('g', 1000), false, known);
    expect(reader.read(key('h', 5000), false, known)).toBeNull();
    expect(reader.read(key('/'), true, known)).toBeNull();
    expect(reader.read(key('/'), false, known)).toBe('/');
  });

  it('lets Shift be pressed within a sequence, and takes a stroke that completes no sequence for itself', () => {
    const reader = new ShortcutReader(false);
    reader.read(key('g'), false, known);
    expect(reader.read(key('Shift', 100, { shiftKey: true }), false, known)).toBeNull();
    expect(reader.read(key('/', 200), false, known)).toBe('/');
  });

  it('reads control keys everywhere', () => {
    expect(new ShortcutReader(false).read(key('2', 0, { ctrlKey: true }), true, known)).toBe('mod+2');
    expect(new ShortcutReader(false).read(key('2', 0, { ctrlKey: true, altKey: true }), true, known)).toBeNull();
  });
});

describe('commands', () => {
  it('can be given while somebody handles them, the last who came first', () => {
    const { bridge } = createWindowRig();
    const commands = new CommandsState(all, new KeymapState(bridge, all));
    expect(commands.run('fleet')).toBe(false);
    const [first, second] = [vi.fn(), vi.fn()];
    commands.handle({ fleet: first });
    const stop = commands.handle({ fleet: second, sheet: second });
    expect(commands.available.map(({ id }) => id)).toEqual(['fleet', 'sheet']);
    expect(commands.runShortcut('g f')).toBe(true);
    stop();
    expect(commands.runShortcut('mod+1')).toBe(true);
    expect(commands.runShortcut('?')).toBe(false);
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 1]);
    expect(() => commands.handle({ nothing: first })).toThrow('nothing');
  });
});

describe('the keymap', () => {
  it('remembers what a person has changed, tells conflicts and forgets it all again', async () => {
    const { bridge, settled } = createWindowRig();
    const keymap = new KeymapState(bridge, all);
    await settled();
    expect(keymap.conflictsOf('bare', 'g f').map(({ id }) => id)).toEqual(['fleet']);
    expect(keymap.conflictsOf('bare', 'g').map(({ id }) => id)).toEqual(['fleet']);
    expect(keymap.conflictsOf('fleet', 'g f')).toEqual([]);
    keymap.takeOver('bare', 'g f');
    expect(keymap.shortcutsOf('fleet')).toEqual(['mod+1']);
    expect(keymap.commandsOf('g f')).toEqual(['bare']);
    await settled();

    const later = new KeymapState(bridge, all);
    await settled();
    expect(later.shortcutsOf('bare')).toEqual(['g f']);
    expect(later.known).toEqual(new Set(['mod+k', 'mod+1', '?', 'g f']));
    later.choose('sheet', []);
    expect(later.commandsOf('?')).toEqual([]);
    later.reset('bare');
    expect([later.isChangedFor('bare'), later.isChangedFor('sheet')]).toEqual([false, true]);
    later.resetAll();
    expect([later.isChanged, later.shortcutsOf('fleet')]).toEqual([false, ['g f', 'mod+1']]);
  });
});
