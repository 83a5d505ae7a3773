import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GroupDraft, PresetDraft, PresetDocument } from '@muster/protocol/bridge';
import { fail, ok, unwrap } from '@muster/protocol/errors';
import { createLogger } from '@muster/runtime/logging';
import { openStorage, type SelectionStore, type Storage } from '../storage/index.ts';
import { migrate } from '../storage/worker/migrate.ts';
import { migrations } from '../storage/worker/migrations/index.ts';
import { createSelections as createSelectionCalls } from '../storage/worker/selections.ts';
import { createSelections, type SelectionKeeper } from './presets.ts';

let folder: string;
let now = 1000;
const opened: Storage[] = [];
const logger = createLogger({ name: 'test', level: 'fatal', destination: { write: () => undefined } });

const keeperOn = (storage: Parameters<typeof createSelections>[0]['storage']): SelectionKeeper =>
  createSelections({
    storage,
    discovery: {
      choice: { method: 'broadcast', options: {} },
      discover: () => Promise.resolve(fail('internal', 'Nobody is looked for here')),
    },
    clock: () => now,
    randomBytes: (count) => new Uint8Array(count),
  });

async function open(): Promise<SelectionKeeper> {
  const storage = unwrap(await openStorage({ file: join(folder, 'muster.db'), clock: () => now, logger }));
  opened.push(storage);
  return keeperOn(storage);
}

/** The same SQL without a thread and a file: quick enough to be made anew many times. */
function openInMemory(): { keeper: SelectionKeeper; close: () => void } {
  const db = new Database(':memory:');
  unwrap(migrate(db, migrations, now, () => ''));
  const calls = Object.entries(createSelectionCalls(db)).map(([name, call]) => [
    name,
    // Each call is paired with its own arguments by the interface below.
    (...args: never[]) => Promise.resolve((call as (...args: never[]) => unknown)(...args)),
  ]);
  const store = Object.fromEntries(calls) as SelectionStore; // the calls of the worker are what the interface lists
  const identitiesMatching = () => Promise.resolve(ok([]));
  return { keeper: keeperOn({ ...store, identitiesMatching }), close: () => db.close() };
}

let here: SelectionKeeper;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster presets test '));
  here = await open();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((storage) => storage.close()));
  await rm(folder, { recursive: true });
});

const preset = (name: string, more: Partial<PresetDraft> = {}): PresetDraft => ({
  name,
  description: '',
  tags: [],
  filter: 'os=linux',
  ...more,
});
const group = (name: string, more: Partial<GroupDraft> = {}): GroupDraft => ({
  name,
  description: '',
  tags: [],
  identities: [],
  filter: null,
  groups: [],
  ...more,
});
const saveGroup = (draft: GroupDraft, previousName?: string) =>
  here.groups.save({ group: draft, ...(previousName === undefined ? {} : { previousName }) });
const fault = (code: string, message = '') => ({
  ok: false,
  error: { code, message: expect.stringContaining(message) as string },
});

describe('presets', () => {
  it('are saved in canonical form, found regardless of case, changed, renamed and removed', async () => {
    const draft = preset('Web', {
      filter: 'os == linux',
      tags: ['prod'],
      collective: 'eu',
      discovery: { method: 'puppetdb', options: { pql: 'nodes {}' } },
    });
    const saved = unwrap(await here.presets.save({ preset: draft }));
    expect(saved).toEqual({ ...draft, filter: 'os=linux', createdAtMs: 1000, updatedAtMs: 1000 });
    expect(await here.presets.get('WEB')).toEqual(ok(saved));
    now = 2000;
    const renamed = unwrap(await here.presets.save({ previousName: 'web', preset: preset('front') }));
    expect(renamed).toMatchObject({ name: 'front', createdAtMs: 1000, updatedAtMs: 2000 });
    expect(renamed).not.toHaveProperty('collective');
    expect(unwrap(await here.presets.list())).toEqual([renamed]);
    expect(await here.presets.save({ previousName: 'front', preset: preset('FRONT') })).toMatchObject({ ok: true });
    unwrap(await here.presets.remove('front'));
    expect(unwrap(await here.presets.list())).toEqual([]);
    now = 1000;
  });

  it('that cannot be are refused', async () => {
    unwrap(await here.presets.save({ preset: preset('web') }));
    unwrap(await here.presets.save({ preset: preset('db') }));
    expect(await here.presets.save({ preset: preset('WEB') })).toMatchObject(fault('preset.taken'));
    expect(await here.presets.save({ previousName: 'db', preset: preset('web') })).toMatchObject(fault('preset.taken'));
    expect(await here.presets.save({ previousName: 'x', preset: preset('y') })).toMatchObject(fault('preset.unknown'));
    expect(await here.presets.save({ preset: preset('../x') })).toMatchObject(fault('preset.invalid', '"../x"'));
    expect(await here.presets.save({ preset: preset('x', { tags: [''] }) })).toMatchObject(fault('preset.invalid'));
    expect(await here.presets.save({ preset: preset('x', { filter: 'os =' }) })).toMatchObject(fault('filter.syntax'));
    for (const discovery of [
      { method: 'external' as const, options: { command: '/bin/sh' } },
      { method: 'list' as const, options: { file: '/etc/passwd' } },
      { method: 'puppetdb' as const, options: { url: 'https://elsewhere' } },
    ]) {
      const draft = preset('x', { discovery });
      expect(await here.presets.save({ preset: draft })).toMatchObject(fault('preset.invalid', discovery.method));
      const imported = await here.presets.import(documentOf([draft], []), 'replace');
      expect(imported).toMatchObject(fault('preset.malformed', 'presets[0] "x": '));
    }
    expect(await here.presets.remove('x')).toMatchObject(fault('preset.unknown'));
    expect(unwrap(await here.presets.list()).map(({ name }) => name)).toEqual(['db', 'web']);
  });
});

describe('groups', () => {
  it('count the members of all their parts, each once', async () => {
    unwrap(await saveGroup(group('a', { identities: ['n1', 'n2'] })));
    unwrap(await saveGroup(group('b', { identities: ['n2', 'n3'], groups: ['A'] })));
    unwrap(await saveGroup(group('c', { identities: ['n4'], groups: ['b', 'a'] })));
    expect(unwrap(await here.groups.list()).map(({ name, members, groups }) => ({ name, members, groups }))).toEqual([
      { name: 'a', members: 2, groups: [] },
      { name: 'b', members: 3, groups: ['a'] },
      { name: 'c', members: 4, groups: ['b', 'a'] },
    ]);
    expect(await here.groups.members({ of: { kind: 'name', name: 'C' }, limit: 2 })).toEqual(
      ok({ total: 4, identities: ['n1', 'n2'] }),
    );
    const definition = group('', { identities: ['n9'], groups: ['a'] });
    expect(await here.groups.members({ of: { kind: 'definition', definition }, limit: 9 })).toEqual(
      ok({ total: 3, identities: ['n1', 'n2', 'n9'] }),
    );
  });

  it('never contain themselves', async () => {
    unwrap(await saveGroup(group('eu', { identities: ['n1'] })));
    unwrap(await saveGroup(group('web', { groups: ['eu'] })));
    unwrap(await saveGroup(group('all', { groups: ['web'] })));
    const cycle = fault('group.cycle', '"eu" would contain itself: eu → all → web → eu');
    expect(await saveGroup(group('eu', { groups: ['all'] }), 'eu')).toMatchObject(cycle);
    expect(await saveGroup(group('self', { groups: ['SELF'] }))).toMatchObject(fault('group.cycle', 'self → self'));
    const definition = group('eu', { groups: ['all'] });
    expect(
      await here.groups.members({ of: { kind: 'definition', definition, previousName: 'eu' }, limit: 1 }),
    ).toMatchObject(fault('group.cycle'));
    expect(unwrap(await here.groups.get('eu')).identities).toEqual(['n1']);
  });

  it('stay where they are used when they get another name, and cannot go while they are', async () => {
    unwrap(await saveGroup(group('eu', { identities: ['n1'] })));
    unwrap(await saveGroup(group('web', { groups: ['eu'] })));
    unwrap(await saveGroup(group('Europe', { identities: ['n2'] }), 'eu'));
    expect(unwrap(await here.groups.get('web')).groups).toEqual(['Europe']);
    expect(await here.groups.remove('europe')).toMatchObject(fault('group.in_use', 'is part of "web"'));
    unwrap(await here.groups.remove('web'));
    unwrap(await here.groups.remove('europe'));
    expect(unwrap(await here.groups.list())).toEqual([]);
  });

  it('that cannot be are refused', async () => {
    expect(await saveGroup(group('x'))).toMatchObject(fault('group.invalid', 'neither nodes nor a filter nor groups'));
    expect(await saveGroup(group('x', { groups: ['y'] }))).toMatchObject(fault('group.unknown', '"y"'));
    expect(await saveGroup(group('x', { filter: '(' }))).toMatchObject(fault('filter.syntax'));
    unwrap(await saveGroup(group('x', { filter: '' })));
    expect(await saveGroup(group('X', { filter: '' }))).toMatchObject(fault('group.taken'));
    expect(await saveGroup(group('y', { filter: '' }), 'z')).toMatchObject(fault('group.unknown'));
  });
});

const documentOf = (presets: PresetDraft[], groups: GroupDraft[]): PresetDocument => ({
  protocol: 'muster.presets.v1',
  presets,
  groups,
});

describe('import', () => {
  it('keeps or replaces what is here, and tells what it did', async () => {
    unwrap(await here.presets.save({ preset: preset('web') }));
    unwrap(await saveGroup(group('eu', { identities: ['n1'] })));
    const document = documentOf(
      [preset('WEB', { filter: 'os=bsd' }), preset('db')],
      [group('eu', { identities: ['n2'] }), group('all', { groups: ['eu'] })],
    );
    expect(await here.presets.import(document, 'keep')).toEqual(ok({ added: 2, replaced: 0, kept: 2 }));
    expect(unwrap(await here.presets.get('web')).filter).toBe('os=linux');
    expect(await here.presets.import(document, 'replace')).toEqual(ok({ added: 0, replaced: 4, kept: 0 }));
    expect(unwrap(await here.presets.get('web'))).toMatchObject({ name: 'WEB', filter: 'os=bsd' });
    expect(unwrap(await here.groups.get('eu')).identities).toEqual(['n2']);
  });

  it('takes nothing when something is wrong', async () => {
    unwrap(await saveGroup(group('eu', { groups: [], identities: ['n1'] })));
    const before = unwrap(await here.presets.export());
    const refused = async (document: PresetDocument, code: string, message: string) => {
      expect(await here.presets.import(document, 'replace')).toMatchObject(fault(code, message));
      expect(unwrap(await here.presets.export())).toEqual(before);
    };
    await refused(documentOf([preset('a')], [group('b', { groups: ['c'] })]), 'preset.malformed', 'groups[0] "b"');
    const loop = [group('b', { groups: ['eu'] }), group('EU', { groups: ['b'] })];
    await refused(documentOf([preset('a')], loop), 'group.cycle', 'b → EU → b');
    await refused(documentOf([preset('a', { filter: '(' })], []), 'preset.malformed', 'presets[0] "a"');
  });

  it('gives back what was exported', async () => {
    const name = fc.stringMatching(/^[a-zäß0-9]( ?[a-z0-9._:@+-]?[a-z0-9]){0,5}$/);
    const names = (minLength: number) =>
      fc.uniqueArray(name, { minLength, maxLength: 6, selector: (text) => text.normalize('NFC').toLowerCase() });
    const filter = fc.constantFrom('', 'os=linux', 'a and (b or not c)', '@identity=/web/', 'cpu>=4');
    const documents = fc
      .tuple(names(0), names(1), filter, fc.string({ maxLength: 20 }))
      .chain(([presetNames, groupNames, text, description]) =>
        fc.array(fc.nat(20), { minLength: 6, maxLength: 6 }).map((picks) =>
          documentOf(
            presetNames.map((of) => preset(of, { filter: text, description: description.trim(), tags: presetNames })),
            groupNames.map((of, index) =>
              group(of, {
                filter: text,
                identities: [`n${picks[index] ?? 0}`],
                // Only earlier ones, so that none contains itself.
                groups: groupNames.slice(0, index).filter((_unused, place) => (picks[place] ?? 0) % 2 === 0),
              }),
            ),
          ),
        ),
      );
    await fc.assert(
      fc.asyncProperty(documents, async (document) => {
        const [first, second] = [openInMemory(), openInMemory()];
        const entries = document.presets.length + document.groups.length;
        expect(await first.keeper.presets.import(document, 'keep')).toEqual(
          ok({ added: entries, replaced: 0, kept: 0 }),
        );
        const exported = unwrap(await first.keeper.presets.export());
        expect(exported.groups).toHaveLength(document.groups.length);
        unwrap(await second.keeper.presets.import(JSON.parse(JSON.stringify(exported)), 'keep'));
        expect(unwrap(await second.keeper.presets.export())).toEqual(exported);
        expect(await second.keeper.presets.import(exported, 'replace')).toEqual(
          ok({ added: 0, replaced: entries, kept: 0 }),
        );
        expect(unwrap(await second.keeper.presets.export())).toEqual(exported);
        first.close();
        second.close();
      }),
      { numRuns: 40 },
    );
  });
});

it('tells of changes, also of those that another process made', async () => {
  const other = await open();
  const seen: number[] = [];
  const stop = here.presets.onChange((revision) => seen.push(revision));
  unwrap(await here.presets.save({ preset: preset('web') }));
  unwrap(await other.presets.save({ preset: preset('db') }));
  await here.lookForChanges();
  await here.lookForChanges();
  expect(seen).toEqual([1, 2]);
  expect(await here.presets.revision()).toEqual(ok(2));
  stop();
  unwrap(await here.presets.remove('web'));
  expect(seen).toHaveLength(2);
});
