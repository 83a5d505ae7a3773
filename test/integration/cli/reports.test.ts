import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestFleet } from '../../support/test-fleet.ts';
import { muster, shell } from './muster-process.ts';

let fleet: Awaited<ReturnType<typeof startTestFleet>>;
let home: string;
let folder: string;
let names: readonly string[];

beforeAll(async () => {
  fleet = await startTestFleet({ nodes: 3 });
  ({ home } = fleet.ready);
  folder = await mkdtemp(join(tmpdir(), 'muster reports '));
  names = Object.keys(fleet.ready.pids.agents).sort();
  expect((await muster(home, 'inventory', '--refresh')).code).toBe(0);
  expect((await muster(home, 'rpc', 'rpcutil', 'get_fact', 'fact=role')).code).toBe(0);
});
afterAll(async () => {
  await fleet.stop();
  await rm(folder, { recursive: true });
});

const exported = (...flags: readonly string[]) => muster(home, 'runs', 'export', 'last', ...flags);
const csv = (text: string): readonly Readonly<Record<string, string>>[] => parse(text, { columns: true, bom: true });
const identitiesIn = (text: string): string[] => csv(text).map(({ identity = '' }) => identity);

it('writes a run as CSV with the outputs that are wanted', async () => {
  const { code, out, err } = await exported('--columns', 'value');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const roles = new Map(fleet.nodes.map(({ identity, facts }) => [identity, facts['role']]));
  expect(csv(out)).toMatchObject(
    names.map((identity) => ({ identity, state: 'ok', 'data.value': String(roles.get(identity)) })),
  );
  expect(Object.keys(csv(out)[0] ?? {})).not.toContain('data.fact');
});

it('refuses an output that the action does not have, and names those that it has', async () => {
  const { code, out, err } = await exported('--columns', 'value,walue');
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain('The action has no output "walue"');
  expect(err).toContain('There are fact, value.');
});

it('narrows a run down by state, words, filter and names, and ends with 1 when nobody is left', async () => {
  const [first = '', second = ''] = names;
  expect(identitiesIn((await exported('--search', first)).out)).toEqual([first]);
  expect(identitiesIn((await exported('--state', 'ok')).out)).toEqual(names);
  const role = String(fleet.nodes.find(({ identity }) => identity === first)?.facts['role']);
  const alike = fleet.nodes.filter(({ facts }) => facts['role'] === role).map(({ identity }) => identity);
  expect(identitiesIn((await exported('--filter-replies', `data.value=${role}`)).out)).toEqual(alike.toSorted());
  expect((await exported('--state', 'failed')).code).toBe(1);
  const piped = await shell(home, `printf '%s\\n' ${second} | muster runs export last --nodes -`);
  expect(identitiesIn(piped.out)).toEqual([second]);
});

it('says what it wrote into a file, and writes over none unasked', async () => {
  const file = join(folder, 'run.ndjson');
  const written = await exported('-o', file, '--json');
  expect(JSON.parse(written.out)).toMatchObject({ file, format: 'ndjson', rows: names.length });
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ line: 'head' }),
    ...names.map((identity): unknown => expect.objectContaining({ identity })),
    { line: 'end', count: names.length },
  ]);
  const again = await exported('-o', file);
  expect(again.code).toBe(1);
  expect(again.err).toContain('run.ndjson');
  expect((await exported('-o', file, '--replace')).code).toBe(0);
});

it('reports over the inventory without asking anybody', async () => {
  const { code, out } = await muster(home, 'inventory', '--report', '--columns', 'identity,facts.role', '--csv');
  expect(code).toBe(0);
  expect(csv(out)).toEqual(
    fleet.nodes
      .map(({ identity, facts }) => ({ identity, 'facts.role': String(facts['role']) }))
      .toSorted((one, other) => (one.identity < other.identity ? -1 : 1)),
  );
});

it.each([
  [['--output', 'run.docx'], 'does not say what is wanted'],
  [['--format', 'pdf'], 'goes into a file'],
  [['--json'], '--json tells what was written into a file'],
])('says what is wrong with %j', async (flags, words) => {
  const { code, out, err } = await exported(...flags);
  expect(code).toBe(1);
  expect(out + err).toContain(words);
});
