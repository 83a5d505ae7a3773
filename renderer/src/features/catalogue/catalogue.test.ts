import { describe, expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { matchingEntries, nodesWith } from './catalogue-entries.ts';
import { CatalogueState } from './catalogue-state.svelte.ts';

async function openCatalogue() {
  const rig = createWindowRig(40);
  const catalogue = new CatalogueState(rig.bridge);
  await rig.settled();
  return { ...rig, catalogue };
}
const names = (entries: readonly { kind: string; name: string }[] | null) =>
  entries?.map(({ kind, name }) => `${kind} ${name}`);

describe('CatalogueState', () => {
  it('lists agents, then data plugins, with versions and nodes', async () => {
    const { catalogue } = await openCatalogue();
    expect(names(catalogue.entries)).toEqual([
      'agent package',
      'agent puppet',
      'agent rpcutil',
      'agent service',
      'data fact',
      'data puppet',
    ]);
    const [, , , service, , puppet] = catalogue.entries ?? [];
    expect(service?.versions.map(({ version }) => version).sort()).toEqual(['1.2.0', '1.3.0']);
    expect(puppet).toMatchObject({ nodes: 40, versions: [{ version: '1.1.0' }, { version: '1.0.0', nodes: 2 }] });
  });

  it('finds by names and words of actions', async () => {
    const { catalogue } = await openCatalogue();
    const found = (search: string) => names(matchingEntries(catalogue.entries ?? [], search));
    expect(found('RESTART')).toEqual(['agent service']);
    expect(found('fact path')).toEqual(['data fact']);
    expect(found('nothing like it')).toEqual([]);
  });

  it('documents the version that is asked for, of agents and of data plugins', async () => {
    const { catalogue, settled } = await openCatalogue();
    await catalogue.open({ kind: 'agent', name: 'service' });
    expect(catalogue.document(null)?.version).toBe('1.2.0');
    const newer = catalogue.document('1.3.0');
    expect(newer?.kind === 'agent' && Object.keys(newer.actions[0]?.inputs ?? {})).toContain('drain');
    await catalogue.open({ kind: 'data', name: 'puppet' });
    await settled();
    expect(catalogue.document('1.0.0')?.version).toBe('1.0.0');
    expect(catalogue.document('9.9.9')?.version).toBe('1.1.0');
  });

  it('has no page for what the fleet does not have', async () => {
    const { catalogue } = await openCatalogue();
    await catalogue.open({ kind: 'agent', name: 'fact' });
    expect(catalogue.entry).toBeNull();
    expect(catalogue.document('1.0.0')).toBeNull();
  });

  it('says why nothing is known', async () => {
    const { bridge, engine, settled } = createWindowRig();
    engine.isGone = true;
    const catalogue = new CatalogueState(bridge);
    await settled();
    expect(catalogue.fault?.code).toBe('bridge.unreachable');
    expect(catalogue.entries).toBeNull();
  });
});

it('selects the nodes of a version only where there are several', async () => {
  const { catalogue } = await openCatalogue();
  const [, , rpcutil, service] = catalogue.entries ?? [];
  expect(rpcutil && nodesWith(rpcutil, '1.0.0')).toBe('@agent=rpcutil');
  expect(service && nodesWith(service, '1.3.0')).toBe(`@agent=service and agent('service').version="1.3.0"`);
});
