import { describe, expect, it } from 'vitest';
import type { ComparedNode } from '@muster/protocol/bridge';
import { createWindowRig } from '../../../test/window-rig.ts';
import { nodeDifferences } from './compared-fields.ts';
import { ComparisonState } from './comparison-state.svelte.ts';

async function twoRuns(change = true) {
  const rig = createWindowRig(6);
  const ids: string[] = [];
  for (const count of [6, 6]) {
    const target = { kind: 'filter' as const, filter: '' };
    const started = await rig.bridge.call('runs.start', { agent: 'rpcutil', action: 'ping', inputs: {}, target });
    if (!started.ok) throw new Error(started.error.message);
    rig.engine.runs.at(-1)?.advance(count, rig.clock.now());
    ids.push(started.value.runId);
  }
  const [old, now] = rig.engine.runs;
  if (old === undefined || now === undefined) throw new Error('there are no runs');
  now.results = old.results.map((row, index) => {
    if (!change || index > 1) return row;
    return index === 0 ? { ...row, data: { ...row.data, pong: 1 } } : { ...row, state: 'failed' };
  });
  const [before = '', after = ''] = ids;
  const compared = new ComparisonState(rig.bridge, rig.clock, before, after);
  await rig.settled();
  return { ...rig, compared, kinds: () => compared.rows.loaded.map(({ kind }) => kind) };
}

describe('ComparisonState', () => {
  it('shows what differs first, and other kinds when they are chosen', async () => {
    const { compared, kinds, settled } = await twoRuns();
    expect(compared.comparison?.kinds).toMatchObject({ state: 1, changed: 1, same: 4 });
    expect(compared.differing).toBe(2);
    expect(kinds().toSorted()).toEqual(['changed', 'state']);
    compared.toggleKind('same');
    await settled();
    expect(new Set(kinds())).toEqual(new Set(['same']));
    compared.toggleKind('same');
    compared.toggleField('pong');
    await settled();
    expect(kinds()).toEqual(['changed']);
    compared.dispose();
  });

  it('counts anew when an output is ignored, and lets go of it as a condition', async () => {
    const { compared, kinds, settled } = await twoRuns();
    compared.toggleField('pong');
    compared.toggleIgnored('pong');
    await settled();
    expect(compared.field).toBeNull();
    expect(compared.comparison?.kinds).toMatchObject({ changed: 0, same: 5 });
    expect(kinds()).toEqual(['state']);
    compared.dispose();
  });

  it('shows the nodes where nothing differs, and finds one by name', async () => {
    const { compared, kinds, clock, settled, engine } = await twoRuns(false);
    expect(kinds()).toEqual(Array.from({ length: 6 }, () => 'same'));
    compared.searchFor(engine.nodes[2]?.identity ?? '');
    clock.move(1000);
    await settled();
    expect(kinds()).toEqual(['same']);
    compared.dispose();
  });

  it('tells why two runs cannot be compared', async () => {
    const { bridge, clock, settled } = await twoRuns();
    const compared = new ComparisonState(bridge, clock, 'f'.repeat(32), 'e'.repeat(32));
    await settled();
    expect(compared.fault?.code).toBe('run.unknown');
    expect(compared.comparison).toBeNull();
    compared.dispose();
  });
});

describe('nodeDifferences', () => {
  const side = { state: 'ok' as const, statusCode: 0, statusMessage: 'OK', data: { a: 1, b: { c: [1, 2] } } };
  const node = (before: ComparedNode['before'], after: ComparedNode['after']): ComparedNode => ({
    ...{ identity: 'web1', kind: 'changed', fields: [] },
    before,
    after,
  });
  const titles = (of: ComparedNode, ignored: string[] = []) =>
    nodeDifferences(of, null, new Set(ignored)).map(({ title, inside }) => `${title} ${inside}`.trim());

  it('tells state, code, message and every place inside the outputs', () => {
    const other = {
      state: 'failed' as const,
      statusCode: 1,
      statusMessage: 'no',
      data: { a: 1, b: { c: [1, 3] }, d: 4 },
    };
    expect(titles(node(side, other))).toEqual(['State', 'Status code', 'Message', 'b c[2]', 'd']);
    expect(titles(node(side, other), ['b', '@message', '@code'])).toEqual(['State', 'd']);
  });
  it('has nothing to tell of a node of one run', () => expect(titles(node(side, null))).toEqual([]));
});
