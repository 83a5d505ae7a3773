import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runMuster } from '../program.ts';
import { memoryWorld } from '../testing/memory-surroundings.ts';

interface Vectors {
  readonly node: object;
  readonly cases: readonly { readonly args: readonly string[]; readonly expect: boolean | 'error' }[];
}

const golden = (name: string): Vectors =>
  // The file is ours, and its own test holds it to this shape.
  JSON.parse(readFileSync(new URL(`../../../test/golden/${name}`, import.meta.url), 'utf8')) as Vectors;
const vectors = ['filter-vectors.json', 'filter-cases.json'].map(golden);
const cases = vectors.flatMap(({ node, cases }) =>
  cases.map(({ args, expect: expected }) => [args, expected, JSON.stringify(node)] as const),
);

async function muster(args: readonly string[], file = '{"identity":"web1"}') {
  const world = memoryWorld({ files: { 'node.json': file } });
  const code = await runMuster(args, world.surroundings);
  return { code, out: world.stdout.text(), err: world.stderr.text() };
}
const match = (args: readonly string[], file?: string) =>
  muster(['filter', 'match', '--node', 'node.json', ...args], file);

describe('muster filter match', () => {
  it.each(cases)('%j: %s', async (args, expected, node) => {
    const { code, out, err } = await match(args, node);
    const answer: unknown = JSON.parse(out);
    expect(err).toBe('');
    if (expected === 'error') {
      expect(code).toBe(2);
      expect(answer).toMatchObject({
        error: { code: expect.any(String) as string, message: expect.any(String) as string },
      });
    } else {
      expect(answer).toEqual({ match: expected });
      expect(code).toBe(expected ? 0 : 1);
    }
  });

  it('has golden cases', () => expect(cases.length).toBeGreaterThan(400));

  it.each([
    ['not JSON', 'x'],
    ['a list', '[]'],
    ['without identity', '{}'],
    ['wrong classes', '{"identity":"a","classes":"b"}'],
    ['wrong facts', '{"identity":"a","facts":[]}'],
    ['wrong data', '{"identity":"a","data":{"p":{"":{"x":null}}}}'],
  ])('refuses a node that is %s', async (_what, file) => {
    const { code, out } = await match([], file);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'message.malformed' } });
  });

  it.each([
    [['filter', 'match']],
    [['filter', 'match', '--node', 'nosuch.json']],
    [['filter', 'match', '--node', 'node.json', '--nonsense']],
  ])('is 2 for every other error too: %j', async (args) => {
    const { code, out } = await muster(args);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toHaveProperty('error.message');
  });

  it('says where in the text it went wrong', async () => {
    const { out } = await match(['-S', 'os=linux and (']);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'filter.syntax', position: { start: 14 } } });
  });
});

describe('muster filter explain', () => {
  const explain = (...args: readonly string[]) => muster(['filter', 'explain', ...args]);

  it('says what is selected, as words and as one expression', async () => {
    const { code, out } = await explain('-C', 'web', '-F', 'cpu>=4');
    expect(code).toBe(0);
    expect(out).toContain('the fact cpu is at least "4"');
    expect(out).toContain('Filter: cpu>=4 and web\nDiscovery: by asking the fleet, or from the inventory.\n');
  });

  it.each([
    [[], '(empty)', 'by asking the fleet'],
    [['-I', 'web1'], 'web1', 'none, since the nodes are named'],
    [['-S', "fstat('/x').size > 0"], 'fstat', "only nodes can tell fstat('/x')."],
  ])('tells what discovery it takes: %j', async (args, filter, discovery) => {
    const { out } = await explain(...args);
    expect(out).toContain(filter);
    expect(out).toContain(discovery);
  });

  it('speaks JSON, and fails with 2', async () => {
    expect(JSON.parse((await explain('-I', 'a', '--json')).out)).toMatchObject({ discovery: 'none', data: [] });
    expect((await explain('-S', '(')).code).toBe(2);
  });
});
