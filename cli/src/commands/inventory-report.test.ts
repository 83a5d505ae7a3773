import { expect, it } from 'vitest';
import { runMuster } from '../program.ts';
import { memoryWorld } from '../testing/memory-surroundings.ts';
import { node, smallFleet } from '../testing/small-fleet.ts';

async function muster(line: string, engine = smallFleet()) {
  const world = memoryWorld({ engine });
  const code = await runMuster(line.split(' '), world.surroundings);
  return { code, out: world.stdout.text(), err: world.stderr.text() };
}

it('reports the inventory as a table', async () => {
  const { code, out } = await muster('inventory --report --columns identity,facts.os,agents,facts.nosuch');
  expect(code).toBe(0);
  expect(out.split('\n').slice(0, 3)).toEqual([
    'identity  facts.os  agents                     facts.nosuch',
    '--------  --------  -------------------------  ------------',
    'web2      Debian    discovery rpcutil service',
  ]);
});

it('reports as CSV, safe for spreadsheets, of those that match', async () => {
  const engine = smallFleet({ nodes: [node('a', { os: '=1+1' }), node('b', { os: 'x,y' }), node('c', { os: 'z' })] });
  const { out } = await muster('inventory --report --columns identity,facts.os,collectives --csv -I /[ab]/', engine);
  expect(out).toBe(`identity,facts.os,collectives\r\na,'=1+1,muster\r\nb,"x,y",muster\r\n`);
});

it('reports as JSON', async () => {
  const { out } = await muster(
    'inventory --report --columns identity,facts.nosuch,collectives,clock_skew --json -I db1',
  );
  expect(JSON.parse(out)).toEqual([{ identity: 'db1', 'facts.nosuch': null, collectives: ['muster'], clock_skew: '' }]);
});

it.each([
  ['inventory --report --columns nosuch', 'There is no column "nosuch"'],
  ['inventory --csv', '--columns and --csv go with --report'],
  ['inventory --report web1', 'takes no name of one'],
  ['inventory --report --csv --json', 'cannot be used with'],
  ['inventory --collective-graph svg', 'Allowed choices are dot, mermaid'],
])('refuses %s', async (line, message) => {
  const { code, out, err } = await muster(line);
  expect(code).toBe(1);
  expect(out + err).toContain(message);
});

it('draws the collectives of the fleet', async () => {
  const { code, out } = await muster('inventory --collective-graph mermaid');
  expect(code).toBe(0);
  expect(out).toBe('graph LR\n  c0(["muster"])\n  n0["3 nodes"]\n  c0 --- n0\n');
});
