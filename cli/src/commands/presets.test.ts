import { describe, expect, it } from 'vitest';
import { runMuster } from '../program.ts';
import { memoryWorld, type MemoryOptions } from '../testing/memory-surroundings.ts';
import { smallFleet } from '../testing/small-fleet.ts';

/** Commands one after the other on one console. */
function console(options: MemoryOptions = {}) {
  const engine = smallFleet();
  const run = async (args: readonly string[], more: MemoryOptions = {}) => {
    const world = memoryWorld({ engine, ...options, ...more });
    const code = await runMuster(args, world.surroundings);
    return { code, out: world.stdout.text(), err: world.stderr.text() };
  };
  return { engine, muster: (line: string, more?: MemoryOptions) => run(line.split(' '), more), run };
}

const times = { created_utc: '2023-11-14T22:13:20.000Z', updated_utc: '2023-11-14T22:13:20.000Z' };

describe('muster preset', () => {
  it('saves, shows, lists and removes', async () => {
    const { muster, run } = console();
    expect((await muster('preset list')).out).toBe('There are no presets.\n');
    const saved = await run(['preset', 'save', 'Debian', '-F', 'os=Debian', '--tag', 'b', '--tag', 'a', '-T', 'eu']);
    const shown = 'Preset Debian\n   Tags: a, b\n   Filter: os=Debian\n   Collective: eu\n';
    expect(saved).toEqual({ code: 0, out: shown, err: '' });
    expect((await muster('preset show debian')).out).toBe(shown);
    expect(JSON.parse((await muster('preset list --tag A --json')).out)).toEqual([
      {
        name: 'Debian',
        description: '',
        tags: ['a', 'b'],
        filter: 'os=Debian',
        collective: 'eu',
        discovery: null,
        ...times,
      },
    ]);
    expect((await muster('preset list')).out).toBe(
      'Preset  Tags  Filter\n------  ----  ---------\nDebian  a, b  os=Debian\n',
    );
    expect(await muster('preset remove DEBIAN --json')).toEqual({ code: 0, out: '{"removed":"DEBIAN"}\n', err: '' });
    expect(await muster('preset show debian')).toEqual({
      code: 1,
      out: '',
      err: 'muster: There is no preset "debian"\n',
    });
  });

  it('changes what is there only when told so', async () => {
    const { muster } = console();
    await muster('preset save web -F os=Debian --tag x');
    const refused = await muster('preset save WEB -C web');
    expect(refused.code).toBe(1);
    expect(refused.err).toBe('muster: There is a preset "WEB" already\nAdd --replace to write over it.\n');
    expect((await muster('preset save WEB -C web --replace')).out).toBe('Preset WEB\n   Filter: web\n');
    await muster('preset save web --replace --tag x --dm inventory -F os=Debian');
    expect((await muster('preset save front --previous web')).out).toBe(
      'Preset front\n   Tags: x\n   Filter: os=Debian\n   Discovery: inventory\n',
    );
    expect((await muster('preset save x --dm external --do command=/bin/sh')).err).toContain('A preset may not set');
    expect((await muster('preset save a --previous b')).err).toContain('There is no preset "b"');
  });

  it('marks the place where its filter is wrong', async () => {
    const { code, err } = await console().run(['preset', 'save', 'x', '-S', 'os = (']);
    expect(code).toBe(1);
    expect(err).toContain('  os = (\n       ^\n');
  });

  it('chooses nodes in other commands, together with their flags', async () => {
    const { muster, engine } = console();
    await muster('preset save deb -F os=Debian');
    expect(await muster('find --preset Deb')).toEqual({ code: 0, out: 'web2\nweb1\n', err: '' });
    expect((await muster('find --preset deb -I web1 --json')).out).toBe('[\n "web1"\n]\n');
    expect((await muster('find --preset deb -F os=RedHat')).code).toBe(1);
    expect((await muster('find --preset deb --limit 1')).out).toBe('web2\n');
    expect((await muster('ping --preset deb')).out).toContain('2 replies');
    expect((await muster('facts os --preset deb')).code).toBe(0);
    expect((await muster('rpc rpcutil ping --preset deb -I web1')).code).toBe(0);
    expect(engine.orders.at(-1)).toMatchObject({
      target: { kind: 'preset', name: 'deb', filter: '@identity=web1' },
      discovered: { identities: ['web1'] },
      resolved: { target: { name: 'deb', resolved: { filter: 'os=Debian' } } },
    });
    const named = { kind: 'preset', name: 'deb', filter: 'os=Debian', nodes: [] };
    expect(JSON.parse((await muster('runs list --search deb --json')).out)).toHaveProperty(
      'runs.0',
      expect.objectContaining({ filter: '@identity=web1', nodes: null, named }),
    );
    expect((await muster('runs list')).out).toContain('preset deb and @identity=web1');
  });

  it('says where to look, and flags say otherwise', async () => {
    const { muster, engine } = console();
    await muster('preset save deb -F os=Debian -T eu --dm inventory');
    await muster('rpc rpcutil ping --preset deb');
    expect(engine.orders.at(-1)).toMatchObject({ collective: 'eu', discovery: { method: 'inventory' } });
    await muster('rpc rpcutil ping --preset deb -T muster --dm broadcast');
    expect(engine.orders.at(-1)).toMatchObject({ collective: 'muster', discovery: { method: 'broadcast' } });
  });

  it('is refused beside a list or a group, or when there is none', async () => {
    const { muster } = console({ files: { 'nodes.txt': 'a\n' } });
    expect((await muster('find --preset a --nodes nodes.txt')).err).toContain('cannot be combined');
    expect((await muster('find --preset a --group b')).code).toBe(1);
    expect(JSON.parse((await muster('find --preset a --json')).out)).toMatchObject({
      error: { code: 'preset.unknown' },
    });
  });
});

describe('muster group', () => {
  it('names nodes, filters and other groups', async () => {
    const { muster } = console({ files: { 'nodes.txt': '["db1"]' } });
    await muster('group save canary --node web1');
    const saved = await muster('group save all -F os=Debian --include canary --nodes nodes.txt');
    expect(saved.out).toBe('Group all\n   Filter: os=Debian\n   Groups: canary\n   Nodes: 1\n   db1\n');
    expect(JSON.parse((await muster('group list --json')).out)).toMatchObject([
      { name: 'all', nodes: ['db1'], filter: 'os=Debian', groups: ['canary'], members: 3 },
      { name: 'canary', nodes: ['web1'], filter: null, groups: [], members: 1 },
    ]);
    expect((await muster('group list')).out).toContain('all           3        1 node; os=Debian; group canary\n');
    expect(await muster('group members ALL')).toEqual({ code: 0, out: 'db1\nweb1\nweb2\n', err: '' });
    expect(JSON.parse((await muster('group show canary --json')).out)).toEqual({
      name: 'canary',
      description: '',
      tags: [],
      nodes: ['web1'],
      filter: null,
      groups: [],
      ...times,
    });
  });

  it('without members is told by the exit code', async () => {
    const { muster } = console();
    await muster('group save none -F os=Plan9');
    expect(await muster('group members none --json')).toEqual({ code: 1, out: '[]\n', err: '' });
    expect((await muster('group save empty')).err).toContain('neither nodes nor a filter nor groups');
    expect((await muster('group save bad --node a/b')).code).toBe(1);
  });

  it('is asked as one, its named nodes without being looked for', async () => {
    const { muster, engine } = console();
    await muster('group save two --node db1 --node web1');
    expect((await muster('find --group two')).out).toBe('db1\nweb1\n');
    expect((await muster('find --group two -F os=Debian')).out).toBe('web1\n');
    expect((await muster('ping --group two')).out).toContain('2 replies');
    expect((await muster('rpc service restart service=x --group two')).code).toBe(0);
    expect(engine.orders.at(-1)).toMatchObject({
      target: { kind: 'group', name: 'two' },
      discovered: { identities: ['db1', 'web1'], durationMs: 0 },
    });
    expect((await muster('group remove two')).out).toBe('Removed group two.\n');
    expect((await muster('find --group two')).code).toBe(1);
  });
});

describe('documents', () => {
  it('go from one console to another', async () => {
    const from = console();
    await from.muster('preset save deb -F os=Debian');
    await from.muster('group save two --node db1');
    const { out: text } = await from.muster('preset export');
    expect(JSON.parse(text)).toMatchObject({ protocol: 'muster.presets.v1', presets: [{ name: 'deb' }] });
    const to = console({ files: { 'presets.json': text } });
    expect((await to.muster('preset import presets.json')).out).toBe('Added 2, replaced 0, kept as they were 0.\n');
    expect(await to.muster('preset import - --mode replace --json', { stdin: { kind: 'file', text } })).toEqual({
      code: 0,
      out: '{"added":0,"replaced":2,"kept":0}\n',
      err: '',
    });
    expect((await to.muster('find --group two')).out).toBe('db1\n');
  });

  it('that are wrong change nothing', async () => {
    const files = { a: '{', b: '{"protocol":"muster.presets.v1","presets":[{"name":"x"}],"groups":[]}' };
    const { muster } = console({ files });
    expect((await muster('preset import a')).err).toContain('a is not JSON');
    expect((await muster('preset import b')).err).toContain('presets[0] "x", description');
    expect((await muster('preset list --json')).out).toBe('[]\n');
  });
});
