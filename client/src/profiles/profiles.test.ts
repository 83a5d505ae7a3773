import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { chooseHome, ProfileBook } from './index.ts';

let own: string;
let folder: string;
let book: ProfileBook;
const file = () => join(folder, 'profiles.yaml');

beforeEach(async () => {
  own = await mkdtemp(join(tmpdir(), 'muster profiles '));
  folder = join(own, 'muster');
  book = new ProfileBook(folder);
});
afterEach(() => rm(own, { recursive: true }));

describe('the book of profiles', () => {
  it('has the one home without a file, and makes none by being read', async () => {
    expect(unwrap(await book.read())).toEqual({
      present: 'default',
      profiles: [{ name: 'default', home: folder, colour: 'none' }],
    });
    expect(await readdir(own)).toEqual([]);
  });

  it('adds, changes, uses and forgets, and the homes stay', async () => {
    unwrap(await book.add({ name: 'staging' }));
    unwrap(await book.add({ name: 'acme', home: '/srv/of "acme": #1', colour: 'red' }));
    await mkdir(join(folder, 'profiles', 'staging'), { recursive: true });
    unwrap(await book.change('default', { name: 'production', colour: 'violet' }));
    expect(unwrap(await new ProfileBook(folder).read())).toEqual({
      present: 'production',
      profiles: [
        { name: 'production', home: folder, colour: 'violet' },
        { name: 'staging', home: join(folder, 'profiles', 'staging'), colour: 'none' },
        { name: 'acme', home: '/srv/of "acme": #1', colour: 'red' },
      ],
    });
    expect(await book.remove('production')).toMatchObject({ error: { code: 'profile.in_use' } });
    unwrap(await book.use('acme'));
    unwrap(await book.remove('staging'));
    expect(await readdir(join(folder, 'profiles'))).toEqual(['staging']);
    expect(unwrap(await book.read())).toMatchObject({
      present: 'acme',
      profiles: [{ name: 'production' }, { name: 'acme' }],
    });
    unwrap(await book.change('acme', { name: 'ACME' }));
    expect(unwrap(await book.read()).present).toBe('ACME');
  });

  it('moves with its folder', async () => {
    unwrap(await book.add({ name: 'staging' }));
    expect(await readFile(file(), 'utf8')).not.toContain(own);
  });

  it.each(['', '.', '..', '../evil', 'a/b', 'a\\b', '-x', '.hidden', 'a b', 'ä', 'x'.repeat(65), 'a\n'])(
    'takes no profile called %j',
    async (name) => {
      expect(await book.add({ name })).toMatchObject({ error: { code: 'profile.invalid' } });
      expect(await book.change('default', { name })).toMatchObject({ error: { code: 'profile.invalid' } });
      expect(await readdir(own)).toEqual([]);
    },
  );

  it('takes no name or home twice', async () => {
    unwrap(await book.add({ name: 'staging' }));
    for (const twice of [{ name: 'Staging' }, { name: 'default' }, { name: 'other', home: folder }]) {
      expect(await book.add(twice)).toMatchObject({ error: { code: 'profile.taken' } });
    }
    expect(await book.change('staging', { name: 'DEFAULT' })).toMatchObject({ error: { code: 'profile.taken' } });
    expect(unwrap(await book.read()).profiles).toHaveLength(2);
  });

  it('says which there are when one is not', async () => {
    unwrap(await book.add({ name: 'staging' }));
    for (const asked of [book.find('prod'), book.use('prod'), book.remove('prod'), book.change('prod', {})]) {
      expect(await asked).toMatchObject({
        error: { code: 'profile.unknown', mend: expect.stringContaining('default, staging') as string },
      });
    }
  });

  it('loses nothing when many write at once', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `fleet-${index}`);
    const added = await Promise.all(names.map((name) => new ProfileBook(folder).add({ name })));
    expect(added.every(({ ok }) => ok)).toBe(true);
    const kept = unwrap(await book.read()).profiles.map(({ name }) => name);
    expect(kept.sort()).toEqual([...names, 'default'].sort());
    expect((await readdir(folder)).sort()).toEqual(['profiles.yaml']);
  });

  it.each([
    ['present: [', 'config.syntax', /profiles\.yaml/],
    ['present: a\nprofiles: []\n', 'config.invalid', /"profiles"/],
    ['present: b\nprofiles: [{ name: a, home: . }]\n', 'config.invalid', /:1: "present": is the name of none/],
    ['present: a\nprofiles: [{ name: a, home: . }, { name: A, home: b }]\n', 'config.invalid', /a name twice/],
    ['present: a\nprofiles: [{ name: a, home: b/.. }, { name: c, home: . }]\n', 'config.invalid', /a home twice/],
    ['present: a\nprofiles: [{ name: a, home: . }, { name: ../b, home: c }]\n', 'config.invalid', /profiles\.1\.name/],
    ['present: a\nprofiles:\n  - { name: a, home: ., color: red }\n', 'config.invalid', /unknown setting .*color/],
    ['present: a\nprofiles: [{ name: a, home: ., colour: pink }]\n', 'config.invalid', /colour/],
  ])('says what is wrong with %j, and writes nothing over it', async (text, code, message) => {
    await mkdir(folder);
    await writeFile(file(), text);
    expect(await book.read()).toMatchObject({
      error: { code, message: expect.stringMatching(message) as string },
    });
    expect(await book.add({ name: 'staging' })).toMatchObject({ error: { code } });
    expect(await readFile(file(), 'utf8')).toBe(text);
  });

  it('says so when it cannot be written', async () => {
    await writeFile(folder, 'in the way');
    expect(await book.add({ name: 'staging' })).toMatchObject({ error: { code: 'storage.failed' } });
  });
});

describe('the home that is meant', () => {
  const choose = async (choice: { home?: string; profile?: string }, env: Record<string, string> = {}) => {
    const chosen = await chooseHome({ ...choice, env: { XDG_CONFIG_HOME: own, ...env } });
    return chosen.ok ? [chosen.value.home, chosen.value.profile?.name ?? null] : chosen.error.code;
  };

  it('is the own folder where nothing says another', async () => {
    expect(await choose({})).toEqual([folder, 'default']);
    expect(await choose({ profile: 'default' })).toEqual([folder, 'default']);
    expect(await choose({ profile: 'other' })).toBe('profile.unknown');
  });

  it('is by flag, then by environment, then by the book; a folder before a profile', async () => {
    unwrap(await book.add({ name: 'staging', home: '/staging' }));
    unwrap(await book.add({ name: 'acme', home: '/acme' }));
    unwrap(await book.use('acme'));
    const env = { MUSTER_HOME: '/folder', MUSTER_PROFILE: 'staging' };
    expect(await choose({ home: '/flag' }, env)).toEqual(['/flag', null]);
    expect(await choose({ profile: 'default' }, env)).toEqual([folder, 'default']);
    expect(await choose({}, env)).toEqual(['/folder', null]);
    expect(await choose({}, { ...env, MUSTER_HOME: '' })).toEqual(['/staging', 'staging']);
    expect(await choose({}, { MUSTER_PROFILE: '' })).toEqual(['/acme', 'acme']);
    expect(await choose({}, { MUSTER_PROFILE: 'gone' })).toBe('profile.unknown');
  });

  it('does not depend on the book where a folder was named', async () => {
    await mkdir(folder);
    await writeFile(file(), 'present: [');
    expect(await choose({ home: '/flag' })).toEqual(['/flag', null]);
    expect(await choose({}, { MUSTER_HOME: '/folder' })).toEqual(['/folder', null]);
    expect(await choose({})).toBe('config.syntax');
  });
});
