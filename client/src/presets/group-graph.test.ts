import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCycle, reach } from './group-graph.ts';

const graphOf = (edges: Record<string, readonly string[]>) => new Map(Object.entries(edges));

describe('cycles among groups', () => {
  it.each([
    ['none', { a: ['b', 'c'], b: ['c'], c: [] }, null],
    ['itself', { a: ['a'] }, ['a', 'a']],
    ['a way back', { a: ['b'], b: ['c'], c: ['a'] }, ['a', 'b', 'c', 'a']],
    ['one that does not touch the start', { a: ['b'], b: ['c'], c: ['b'] }, ['b', 'c', 'b']],
    ['one that cannot be reached', { a: [], b: ['c'], c: ['b'] }, null],
    ['names that nobody has', { a: ['x'] }, null],
  ])('%s', (_what, edges, cycle) => expect(findCycle(graphOf(edges), ['a'])).toEqual(cycle));

  it('are found at any depth', () => {
    const deep = new Map(Array.from({ length: 50_000 }, (_unused, index) => [index, [index + 1]]));
    expect(findCycle(deep, [0])).toBeNull();
    expect(findCycle(deep.set(50_000, [0]), [0])).toHaveLength(50_002);
  });

  it('are told as a way along edges that comes back; without one, nothing reaches itself', () => {
    const graphs = fc.array(fc.array(fc.nat(7), { maxLength: 3 }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(graphs, (lists) => {
        const graph = new Map(lists.entries());
        const cycle = findCycle(graph, graph.keys());
        const loops = [...graph].some(([group, parts]) => reach(graph, parts).has(group));
        expect(cycle !== null).toBe(loops);
        if (cycle === null) return;
        expect(cycle.at(0)).toBe(cycle.at(-1));
        for (const [index, group] of cycle.slice(0, -1).entries()) expect(graph.get(group)).toContain(cycle[index + 1]);
      }),
    );
  });
});
