import { afterAll, beforeAll, expect, it } from 'vitest';
import { linesOf, findFlags } from '../integration/discovery/find-flags.ts';
import { muster } from '../integration/cli/muster-process.ts';
import { startTestFleet } from '../support/test-fleet.ts';

// 200 emulated agents on one broker: the same questions as to 25 processes.

let fleet: Awaited<ReturnType<typeof startTestFleet>>;

beforeAll(async () => {
  fleet = await startTestFleet({ nodes: 200, mode: 'emulated', collectives: ['muster', 'odd'] });
  expect((await muster(fleet.ready.home, 'inventory', '--refresh')).code).toBe(0);
}, 300_000);
afterAll(() => fleet.stop());

const sorted = async (...args: string[]) =>
  linesOf((await muster(fleet.ready.home, 'find', '--dt', '60', ...args)).out).sort();

it.each(findFlags)('$args', async ({ args, matches }) => {
  expect(await sorted(...args)).toEqual(
    fleet.nodes
      .filter(matches)
      .map(({ identity }) => identity)
      .sort(),
  );
});

it('asks data plugins', async () => {
  const odd = fleet.nodes.filter(({ collectives }) => collectives.includes('odd'));
  expect(await sorted('-S', "collective('odd').member=true")).toEqual(odd.map(({ identity }) => identity).sort());
});

it('draws the same nodes for the same seed', async () => {
  const drawn = await sorted('--limit', '10%', '--limit-seed', '42');
  expect(drawn).toHaveLength(20);
  expect(await sorted('--limit', '10%', '--limit-seed', '42')).toEqual(drawn);
});
