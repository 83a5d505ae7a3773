import type { ReadNode } from '@muster/client/storage';
import { generateNodes } from '../../build/src/fleet/generated-nodes.ts';
import { integer, pick, seededRandom, type Random } from '../../build/src/fleet/seeded-random.ts';

const leavesOf = (value: unknown): number =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.values(value).reduce((sum: number, inner) => sum + leavesOf(inner), 0)
    : 1;

/** One more fact of a kind that fleets have: versions that few differ in, numbers, switches, texts of one node alone, lists. */
function extraFact(random: Random, index: number): unknown {
  switch (index % 6) {
    case 0:
      return `${integer(random, 1, 4)}.${integer(random, 0, 9)}.${integer(random, 0, 3)}`;
    case 1:
      return integer(random, 0, 100_000);
    case 2:
      return random() < 0.5;
    case 3:
      return pick(random, ['present', 'absent', 'held', 'unknown']);
    case 4:
      return index % 12 === 4 ? `${Math.floor(random() * 2 ** 32).toString(16)}-${index}` : 'none';
    default:
      return Array.from({ length: integer(random, 0, 3) }, () => pick(random, ['a', 'b', 'c', 'd', 'e']));
  }
}

/** Nodes as they are read from a fleet, filled up to a number of facts each. The same for the same seed. */
export function* benchNodes(options: {
  readonly nodes: number;
  readonly facts: number;
  readonly seed: number;
}): Generator<ReadNode> {
  const generated = generateNodes({ count: options.nodes, seed: options.seed, collectives: ['muster', 'eu'] });
  for (const [index, { identity, facts, classes, collectives }] of generated.entries()) {
    const random = seededRandom(options.seed, index, 7);
    const missing = Math.max(0, options.facts - leavesOf(facts));
    const groups = new Map<string, Record<string, unknown>>();
    for (let extra = 0; extra < missing; extra++) {
      const group = `group${Math.floor(extra / 25)}`;
      const known = groups.get(group) ?? {};
      known[`item${extra}`] = extraFact(random, extra);
      groups.set(group, known);
    }
    const digest = String(index);
    yield {
      identity,
      atMs: 1_700_000_000_000 + index,
      agentVersion: '1.0.0',
      clockSkewMs: 0,
      digests: { facts: digest, classes: digest, agents: 'agents', collectives: digest },
      collectives,
      facts: { ...facts, site: Object.fromEntries(groups) },
      classes,
      agents: ['discovery', 'rpcutil', ...(index % 3 === 0 ? ['service'] : []), ...(index % 7 === 0 ? ['puppet'] : [])],
    };
  }
}
