import { describe, expect, it } from 'vitest';
import type { RecipeDraft } from '@muster/protocol/bridge';
import { unwrap } from '@muster/protocol/errors';
import { runMuster } from '../program.ts';
import { memoryWorld, type MemoryOptions } from '../testing/memory-surroundings.ts';
import { smallFleet } from '../testing/small-fleet.ts';

const recipe: RecipeDraft = {
  name: 'facts',
  description: 'What a fact is',
  tags: ['daily'],
  agent: 'rpcutil',
  action: 'get_fact',
  inputs: {},
  prompts: [{ input: 'fact', label: 'Which fact', default: 'os' }],
  target: { kind: 'filter', filter: 'os=Debian' },
  options: { timeoutMs: 7000, batch: { size: { unit: 'nodes', amount: 1 }, sleepMs: 0 } },
};

async function console() {
  const engine = smallFleet();
  unwrap(await engine.recipes.save({ recipe }));
  const muster = async (args: readonly string[], more: MemoryOptions = {}) => {
    const world = memoryWorld({ engine, ...more });
    const code = await runMuster(args, world.surroundings);
    return { code, out: world.stdout.text(), err: world.stderr.text() };
  };
  return { engine, muster };
}

describe('muster recipes', () => {
  it('lists and shows', async () => {
    const { muster } = await console();
    expect((await muster(['recipes', 'list'])).out).toContain('facts   daily  rpcutil get_fact  fact');
    expect((await muster(['recipes', 'show', 'FACTS'])).out).toContain('      fact: Which fact (os)\n');
    expect(JSON.parse((await muster(['recipes', 'list', '--tag', 'daily', '--json'])).out)).toMatchObject([
      { ...recipe, created_utc: '2023-11-14T22:13:20.000Z' },
    ]);
    expect(await muster(['recipes', 'show', 'nosuch'])).toMatchObject({ code: 1, out: '' });
  });

  it('runs on the nodes of the recipe, with defaults, answers and its pace', async () => {
    const { engine, muster } = await console();
    expect((await muster(['recipes', 'run', 'facts'])).err).not.toContain('muster:');
    expect(engine.orders[0]).toMatchObject({ inputs: { fact: 'os' }, timeoutMs: 7000, batch: recipe.options.batch });
    await muster(['recipes', 'run', 'facts', 'fact=role', '--timeout', '3', '-I', 'web1']);
    expect(engine.orders[1]).toMatchObject({ inputs: { fact: 'role' }, timeoutMs: 3000 });
    expect(engine.orders[1]?.target).not.toEqual(engine.orders[0]?.target);
    const refused = await muster(['recipes', 'run', 'facts', 'odd=1']);
    expect(refused.code).not.toBe(0);
    expect(refused.err).toContain('does not ask for odd');
    expect(engine.orders).toHaveLength(2);
  });

  it('exports and imports', async () => {
    const { muster } = await console();
    const { out } = await muster(['recipes', 'export']);
    expect(JSON.parse(out)).toEqual({ protocol: 'muster.recipes.v1', recipes: [recipe] });
    const files = { 'recipes.json': out, 'odd.json': '{' };
    expect(await muster(['recipes', 'import', 'recipes.json', '--json'], { files })).toMatchObject({
      code: 0,
      out: '{"added":0,"replaced":0,"kept":1}\n',
    });
    expect((await muster(['recipes', 'import', 'odd.json'], { files })).err).toContain('is not JSON');
    expect((await muster(['recipes', 'remove', 'facts'])).out).toBe('Removed recipe facts.\n');
    expect((await muster(['recipes', 'list'])).out).toBe('There are no recipes.\n');
  });
});
