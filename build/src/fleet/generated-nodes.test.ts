import { checkIdentity } from '@muster/protocol/identity';
import { describe, expect, test } from 'vitest';
import { generateNodes } from './generated-nodes.ts';

const collectives = ['muster', 'second'];
const fleet = (count: number, seed = 1) => generateNodes({ count, seed, collectives });

describe('generated nodes', () => {
  test('are the same for the same seed, and others for another', () => {
    expect(fleet(50)).toEqual(fleet(50));
    expect(fleet(50, 2)).not.toEqual(fleet(50));
  });

  test('of a smaller fleet begin the larger one', () => {
    expect(fleet(200).slice(0, 25)).toEqual(fleet(25));
  });

  test('have valid identities, addresses and names of their own', () => {
    const nodes = fleet(10_000);
    expect(new Set(nodes.map(({ identity }) => identity)).size).toBe(10_000);
    expect(nodes.every(({ identity }) => checkIdentity(identity).ok)).toBe(true);
    const addresses = nodes.map(({ facts }) => JSON.stringify((facts['networking'] as Record<string, unknown>)['ip'])); // a structure of ours
    expect(new Set(addresses).size).toBe(10_000);
  });

  test('differ in the facts that people select by', () => {
    const nodes = fleet(25);
    for (const name of ['role', 'environment', 'datacenter', 'customer', 'os', 'memory']) {
      expect(new Set(nodes.map(({ facts }) => JSON.stringify(facts[name]))).size, name).toBeGreaterThan(2);
    }
  });

  test('carry the class of their role', () => {
    for (const { facts, classes } of fleet(50)) expect(classes).toContain(`role::${String(facts['role'])}`);
  });

  test('are all in the first collective, and every second one in the other', () => {
    const nodes = fleet(10);
    expect(nodes.filter((node) => node.collectives[0] === 'muster')).toHaveLength(10);
    expect(nodes.filter((node) => node.collectives.includes('second'))).toHaveLength(5);
  });
});
