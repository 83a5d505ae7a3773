import { describe, expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { ActiveConditions } from './active-conditions.ts';
import { FacetsState } from './facets-state.svelte.ts';

const role = { kind: 'fact', path: 'role' } as const;

describe('ActiveConditions', () => {
  it('adds, turns round and takes out what is demanded of every node', () => {
    const toggled = (filter: string, value: string, demand: 'with' | 'without') =>
      new ActiveConditions(filter).toggled(role, value, demand);
    expect(toggled('', 'web', 'with')).toBe('role=web');
    expect(toggled('a=1 or b=2', 'web', 'without')).toBe('(a=1 or b=2) and not role=web');
    expect(toggled('a=1 and role=web', 'web', 'with')).toBe('a=1');
    expect(toggled('a=1 and role=web', 'web', 'without')).toBe('a=1 and not role=web');
    expect(toggled('not role=web', 'web', 'with')).toBe('role=web');
    expect(new ActiveConditions('not role=web and a=1').without(role, 'web')).toBe('a=1');
  });

  it('sees no demand inside of groups', () => {
    const active = new ActiveConditions('nginx and not base and (role=web or role=db)');
    expect(active.demand(role, 'web')).toBeNull();
    expect(active.demand({ kind: 'class' }, 'nginx')).toBe('with');
    expect(active.values({ kind: 'class' })).toEqual(['nginx', 'base']);
  });
});

describe('FacetsState', () => {
  it('counts among the nodes that match, once somebody looks', async () => {
    const { bridge, engine, settled } = createWindowRig();
    const facets = new FacetsState(bridge);
    await settled();
    expect(engine.calls).not.toContain('fleet.facets');
    facets.setWanted(true);
    await settled();
    expect(facets.facets?.map(({ title }) => title).slice(0, 3)).toEqual(['os.name', 'role', 'environment']);
    facets.show('not role=web');
    await settled();
    const roles = facets.facets?.find(({ key }) => key === 'fact role');
    expect(roles?.values[0]).toEqual({ value: 'web', nodes: 0, demand: 'without' });
    expect(roles?.values.some(({ value, nodes }) => value === 'db' && nodes > 0)).toBe(true);
  });

  it('remembers which facts it shows and which are folded', async () => {
    const { bridge, settled } = createWindowRig();
    const facets = new FacetsState(bridge);
    await settled();
    facets.chooseFacts(['virtual']);
    facets.toggleFolded('fact virtual');
    await settled();
    const again = new FacetsState(bridge);
    again.setWanted(true);
    await settled();
    expect(again.facets?.[0]).toMatchObject({ title: 'virtual', isFolded: true });
  });

  it('tells the most frequent values first', async () => {
    const { bridge } = createWindowRig();
    const nodes = (await new FacetsState(bridge).allValues({ kind: 'class' })).map((value) => value.nodes);
    expect(new Set(nodes).size).toBeGreaterThan(1);
    expect(nodes).toEqual(nodes.toSorted((left, right) => right - left));
  });

  it('tells all values of one facet', async () => {
    const { bridge, settled } = createWindowRig();
    const facets = new FacetsState(bridge);
    facets.show('role=web');
    await settled();
    expect((await facets.allValues(role)).map(({ value }) => value)).toEqual(['web']);
    expect((await facets.allValues({ kind: 'class' })).length).toBeGreaterThan(3);
    expect(await facets.allValues({ kind: 'agent' })).toHaveLength(5);
    expect((await facets.allValues({ kind: 'collective' })).length).toBeGreaterThan(1);
  });
});
