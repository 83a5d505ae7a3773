import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { startTestFleet } from '../../support/test-fleet.ts';
import { muster, shell } from './muster-process.ts';

const size = 5;
let fleet: Awaited<ReturnType<typeof startTestFleet>>;
let home: string;
let names: readonly string[];

beforeAll(async () => {
  fleet = await startTestFleet({ nodes: size });
  ({ home } = fleet.ready);
  names = fleet.nodes.map(({ identity }) => identity).sort();
});
afterAll(() => fleet.stop());

const at = (index: number) => names[index] ?? '';
const lines = (text: string) => text.split('\n').filter((line) => line !== '');
const found = async (...args: readonly string[]) => lines((await muster(home, 'find', ...args)).out).sort();

/** Runs a command that has to succeed. */
async function done(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await muster(home, ...args);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
}

describe('presets and groups on a fleet', () => {
  it('that one process saved are used by others, one by one and together with flags', async () => {
    await done('preset', 'save', 'pair', '-S', `@identity=${at(0)} or @identity=${at(1)}`, '--tag', 'try');
    expect(await found('--preset', 'PAIR')).toEqual([at(0), at(1)]);
    expect(await found('--preset', 'pair', '-S', `not @identity=${at(0)}`)).toEqual([at(1)]);
    const answers = await done('rpc', 'rpcutil', 'ping', '--preset', 'pair', '--json');
    expect(JSON.parse(answers)).toMatchObject({ request_stats: { discovered: 2, ok: 2, no_responses: [] } });
    expect(await done('ping', '--preset', 'pair')).toContain('2 replies');
    expect(await done('facts', 'kernel', '--preset', 'pair')).toContain('2');
    const runs: unknown = JSON.parse(await done('runs', 'list', '--search', 'pair', '--json'));
    expect(runs).toMatchObject({
      runs: expect.arrayContaining([
        expect.objectContaining({
          action: 'ping',
          named: { kind: 'preset', name: 'pair', filter: `@identity=${at(0)} or @identity=${at(1)}`, nodes: [] },
        }),
      ]) as unknown,
    });
  });

  it('inside others mean whoever matches when they are used', async () => {
    const becomeCanary = (identity: string) =>
      writeFile(join(home, 'nodes', identity, 'facts.d', 'canary.yaml'), 'canary: true\n', { mode: 0o600 });
    const someAre = (expected: readonly string[]) =>
      // A node looks for changed facts once a second.
      eventually(async () => expect(await found('--group', 'some')).toEqual(expected), 20_000);
    await done('group', 'save', 'canaries', '-F', 'canary=true');
    await done('group', 'save', 'first', '--node', at(0));
    await done('group', 'save', 'some', '--include', 'first', '--include', 'canaries');
    await someAre([at(0)]);
    await becomeCanary(at(1));
    await someAre([at(0), at(1)]);
    await done('group', 'save', 'start', '--previous', 'first', '--node', at(2));
    await someAre([at(1), at(2)]);
    expect(await done('ping', '--group', 'some')).toContain('2 replies');
    await done('inventory', '--refresh');
    expect(lines(await done('group', 'members', 'some'))).toEqual([at(1), at(2)]);
    const cycle = await muster(home, 'group', 'save', 'start', '--previous', 'start', '--include', 'some');
    expect(cycle).toMatchObject({ code: 1, out: '' });
    expect(cycle.err).toContain('"start" would contain itself: start → some → start');
    expect((await muster(home, 'group', 'remove', 'start')).err).toContain('is part of "some"');
  });

  it('take nodes from pipes, and go to another home as a document', async () => {
    const piped = await shell(home, `muster find -I ${at(3)} -I ${at(4)} | muster group save piped --nodes - --json`);
    expect(JSON.parse(piped.out)).toMatchObject({ name: 'piped', nodes: [at(3), at(4)], filter: null });
    const round = await shell(home, 'muster preset export | muster preset import - --mode replace --json');
    expect(round).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(round.out)).toMatchObject({ added: 0, kept: 0 });
    expect(await found('--group', 'piped')).toEqual([at(3), at(4)]);
  });
});
