import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProfileBook } from '@muster/client/profiles';
import type { Dispatcher, ProfileHandlers } from '@muster/protocol/bridge';
import { fail, ok, unwrap } from '@muster/protocol/errors';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Fleets, type FleetEngine } from './fleets.ts';

let folder: string;
let opened: string[];
let deeds: string[];
let shown: string[];
let profiles: Map<string, ProfileHandlers>;
let broken: Set<string>;
let fleets: Fleets;

const dispatcher: Dispatcher = {
  dispatch: () => Promise.resolve(ok(null)),
  forget: () => undefined,
  closeRefused: () => undefined,
  close: () => undefined,
};

const engineOf = (home: string): FleetEngine => ({
  dispatcher,
  lock: (reason) => deeds.push(`lock ${home} ${reason}`),
  noteStranger: () => deeds.push(`stranger ${home}`),
  close() {
    deeds.push(`close ${home}`);
    return home === '/acme' ? Promise.reject(new Error('the disk is full')) : Promise.resolve();
  },
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster fleets '));
  [opened, deeds, shown] = [[], [], []];
  profiles = new Map();
  broken = new Set();
  const book = new ProfileBook(folder);
  unwrap(await book.add({ name: 'staging', home: '/staging' }));
  unwrap(await book.add({ name: 'acme', home: '/acme' }));
  fleets = new Fleets({
    book,
    firstHome: folder,
    openEngine(home, handlers) {
      opened.push(home);
      profiles.set(home, handlers);
      return Promise.resolve(broken.has(home) ? fail('config.invalid', 'no') : ok(engineOf(home)));
    },
    show({ home }) {
      shown.push(home);
      return `session of ${home}`;
    },
  });
});
afterEach(() => rm(folder, { recursive: true }));

/** What a window on a home asks of its host. */
async function windowOn(home: string): Promise<ProfileHandlers> {
  unwrap(await fleets.open(home));
  const handlers = profiles.get(home);
  if (handlers === undefined) throw new Error(`No window is on ${home}`);
  return handlers;
}

it('opens each home once, and says to each window which fleet it shows', async () => {
  const [one, other] = await Promise.all([fleets.open(folder), fleets.open(folder)]);
  expect([unwrap(one) === unwrap(other), opened]).toEqual([true, [folder]]);
  const first = await windowOn(folder);
  expect(unwrap(await first['profiles.open']({ name: 'staging' }))).toEqual({ session: 'session of /staging' });
  const second = await windowOn('/staging');
  expect(unwrap(await first['profiles.list']({}))).toMatchObject({ here: 'default', home: folder, unnamedHome: null });
  expect(unwrap(await second['profiles.list']({}))).toMatchObject({ here: 'staging', home: '/staging' });
  await second['profiles.open']({ name: 'default' });
  await second['profiles.open']({ name: null });
  expect([opened, shown]).toEqual([
    [folder, '/staging'],
    ['/staging', folder, folder],
  ]);
});

it('a fleet that cannot be opened leaves the others alone, and may be tried again', async () => {
  const first = await windowOn(folder);
  broken.add('/staging');
  expect(await first['profiles.open']({ name: 'staging' })).toMatchObject({ error: { code: 'config.invalid' } });
  expect(await first['profiles.open']({ name: 'gone' })).toMatchObject({ error: { code: 'profile.unknown' } });
  expect(shown).toEqual([]);
  broken.clear();
  expect(await first['profiles.open']({ name: 'staging' })).toMatchObject({ ok: true });
  expect(unwrap(await first['profiles.list']({})).here).toBe('default');
});

it('keeps what is in use: the fleet of the window, and the present one', async () => {
  const window = await windowOn('/staging');
  for (const name of ['staging', 'default']) {
    expect(await window['profiles.remove']({ name })).toMatchObject({ error: { code: 'profile.in_use' } });
  }
  expect(await window['profiles.remove']({ name: 'acme' })).toMatchObject({ ok: true });
  unwrap(await window['profiles.change']({ name: 'staging', newName: 'test', colour: 'blue' }));
  expect(unwrap(await window['profiles.list']({}))).toMatchObject({
    here: 'test',
    profiles: [{ name: 'default' }, { name: 'test', colour: 'blue', isSetUp: false }],
  });
});

it('locks, tells and closes all, whatever one of them does', async () => {
  for (const home of [folder, '/acme', '/staging']) unwrap(await fleets.open(home));
  fleets.lock('sleep');
  fleets.noteStranger({});
  await expect(fleets.close()).rejects.toThrow('the disk is full');
  for (const home of [folder, '/acme', '/staging']) {
    expect(deeds).toEqual(expect.arrayContaining([`lock ${home} sleep`, `stranger ${home}`, `close ${home}`]));
  }
});
