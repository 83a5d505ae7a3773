import { describe, expect, it } from 'vitest';
import { runMuster } from '../program.ts';
import { memoryWorld, type MemoryOptions } from '../testing/memory-surroundings.ts';
import { scriptedEngine } from '../testing/scripted-engine.ts';

const metadata = { author: 'A. Author', license: 'MIT', version: '1.0.0', url: 'https://example.com', timeout: 20 };
const send = { name: 'send', description: 'Sends a parcel', effect: 'write' } as const;
const parcel = {
  kind: 'agent',
  name: 'parcel',
  description: 'Looks after parcels',
  ...metadata,
  actions: [send],
} as const;
const shelf = {
  kind: 'data',
  description: 'What is on a shelf',
  ...metadata,
  query: null,
  outputs: { full: { description: 'Whether it is full', display_as: 'Full', type: 'boolean' } },
} as const;

const node = { identity: 'web1', collectives: [], facts: {}, classes: [], agents: ['parcel'], answer: () => ({}) };
const fleet = () =>
  scriptedEngine({
    nodes: [node, { ...node, identity: 'web2' }],
    ddls: [parcel],
    data: [
      { ...shelf, name: 'shelf' },
      { ...shelf, name: 'parcel' },
    ],
  });

async function run(args: readonly string[], options: MemoryOptions = {}) {
  const world = memoryWorld({ engine: fleet(), ...options });
  const code = await runMuster(['plugin', ...args], world.surroundings);
  return { code, out: world.stdout.text(), err: world.stderr.text(), written: world.written };
}

describe('muster plugin list', () => {
  it('lists agents and data plugins', async () => {
    const { code, out } = await run(['list']);
    expect(code).toBe(0);
    expect(out).toBe(`Plugin        Version  Nodes  Description
------------  -------  -----  -------------------
agent/parcel  1.0.0        2  Looks after parcels
data/parcel   1.0.0        2  What is on a shelf
data/shelf    1.0.0        2  What is on a shelf
`);
  });
  it('lists them as JSON', async () => {
    const { out } = await run(['list', '--json']);
    expect(JSON.parse(out)).toMatchObject([
      { kind: 'agent', name: 'parcel', nodes: 2, versions: [{ version: '1.0.0', nodes: 2 }] },
      { kind: 'data', name: 'parcel', description: 'What is on a shelf' },
      { kind: 'data', name: 'shelf' },
    ]);
  });
  it('says so when nothing is known', async () => {
    const { out } = await run(['list'], { engine: scriptedEngine({ nodes: [], ddls: [] }) });
    expect(out).toContain('No plugins are known.');
  });
});

describe('muster plugin doc', () => {
  it('documents a plugin of the fleet in three forms', async () => {
    expect((await run(['doc', 'agent/parcel'])).out).toMatch(/^parcel {2}agent\nLooks after parcels\n/);
    expect((await run(['doc', 'shelf', '--format', 'markdown'])).out).toMatch(/^# shelf\n/);
    expect((await run(['doc', 'data/parcel', '--format', 'html'])).out).toMatch(/^<!doctype html>\n/);
    expect(JSON.parse((await run(['doc', 'shelf', '--json'])).out)).toMatchObject({ kind: 'data', name: 'shelf' });
  });
  it('marks headings on a terminal', async () => {
    const { out } = await run(['doc', 'agent/parcel'], { stdout: { colours: true } });
    expect(out).toContain('\u001b[1msend\u001b[22m');
  });
  it('asks which one is meant', async () => {
    const { code, err } = await run(['doc', 'parcel']);
    expect(code).toBe(1);
    expect(err).toBe('muster: There are an agent and a data plugin called parcel\nSay agent/parcel or data/parcel.\n');
  });
  it('knows what is not there', async () => {
    expect((await run(['doc', 'nosuch'])).err).toContain('The fleet has no plugin nosuch');
  });
  it('lists all without a name', async () => {
    expect((await run(['doc'])).out).toContain('agent/parcel');
  });
  it('documents a file, without a home', async () => {
    const files = { 'x/parcel.json': JSON.stringify(parcel), 'bad.json': '{"kind": "agent",}' };
    const options = { engine: { ok: false, error: { code: 'home.missing', message: '' } } as const, files };
    expect((await run(['doc', '--file', 'x/parcel.json'], options)).out).toContain('Looks after parcels');
    expect(await run(['doc', '--file', 'bad.json'], options)).toMatchObject({ code: 1 });
    expect((await run(['doc', '--file', 'bad.json'], options)).err).toContain('bad.json, line 1, column 18');
    expect((await run(['doc', 'parcel', '--file', 'x/parcel.json'], options)).err).toContain('not both');
  });
  it('does not let a DDL steer the terminal', async () => {
    const files = { 'parcel.json': JSON.stringify({ ...parcel, description: 'a\u001b[31mb' }) };
    const { out } = await run(['doc', '--file', 'parcel.json'], { files, stdout: { colours: true } });
    expect(out).toContain('a\\u001b[31mb');
  });
});

const ruby = `metadata :name => "Parcel Agent", :description => "Looks after parcels", :author => "A. Author",
  :license => "MIT", :version => "1.0.0", :url => "https://example.com", :timeout => 20

%w{send scan}.each do |act|
  action act, :description => "#{act.capitalize}s a parcel" do
    output :state, :description => "State", :display_as => "State"
    summarize do
      aggregate parcel_summary(:state)
    end
  end
end
`;

describe('muster plugin import-ddl', () => {
  it('makes a DDL of one in Ruby, and says what it could not carry over', async () => {
    const { code, out, err } = await run(['import-ddl', 'agent/parcel.ddl', '--effect', 'scan=read'], {
      files: { 'agent/parcel.ddl': ruby },
    });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      kind: 'agent',
      name: 'parcel',
      actions: [
        { name: 'send', effect: 'write' },
        { name: 'scan', effect: 'read' },
      ],
    });
    expect(err).toBe(`warning: metadata: the DDL calls itself "Parcel Agent", here it is parcel
warning: action send: the aggregate parcel_summary is not known here, left out
warning: action scan: the aggregate parcel_summary is not known here, left out
Taken as writing, for the DDL does not say: send. Say otherwise with --effect.
`);
  });

  it('writes it into a file, and over another only when told to', async () => {
    const files = { 'parcel.ddl': ruby, 'out.json': 'precious' };
    const kept = await run(['import-ddl', 'parcel.ddl', '-o', 'out.json'], { files });
    expect(kept).toMatchObject({ code: 1, out: '' });
    expect(kept.err).toContain('it is there already');
    const { code, out, written } = await run(['import-ddl', 'parcel.ddl', '-o', 'out.json', '--replace'], { files });
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(JSON.parse(String(written.get('out.json')?.content))).toMatchObject({ name: 'parcel' });
  });

  it('reads Choria, and gives the warnings as JSON', async () => {
    const choria = {
      metadata: { ...metadata, name: 'parcel', description: 'P' },
      actions: [{ action: 'send', description: 'S' }],
    };
    const { out } = await run(['import-ddl', 'choria.json', '--name', 'parcel', '--json'], {
      files: { 'choria.json': JSON.stringify(choria) },
    });
    expect(JSON.parse(out)).toMatchObject({ ddl: { name: 'parcel' }, warnings: [] });
  });

  it('reads data plugins', async () => {
    const text = ruby.replace(
      /%w[\s\S]*/,
      'dataquery :description => "Q" do\n output :x, :description => "X", :display_as => "X"\nend',
    );
    const { out, err } = await run(['import-ddl', 'data/shelf_data.ddl'], { files: { 'data/shelf_data.ddl': text } });
    expect(JSON.parse(out)).toMatchObject({ kind: 'data', name: 'shelf', query: null });
    expect(err).not.toContain('--effect');
  });

  it.each([
    ['metadata :name => "x"', [], 'describes neither an agent nor a data plugin'],
    ['metadata :name => `id`', [], 'x.ddl: Line 1, column 19: a DDL is read without running commands'],
    [ruby, ['--effect', 'send=maybe'], '"send=maybe" is not of the form ACTION=EFFECT'],
    [ruby, ['--effect', 'fly=read'], 'An effect is given for fly, but the DDL has no such action'],
    ['{"kind": "agent"}', [], 'name: Invalid input'],
  ])('refuses %j %j', async (text, flags, message) => {
    const { code, err } = await run(['import-ddl', 'x.ddl', ...flags], { files: { 'x.ddl': text } });
    expect(code).toBe(1);
    expect(err).toContain(message);
  });
});
