import { expect, it } from 'vitest';
import type { AuditRow, AuditVerdict, BridgeClient, EndpointName, EndpointParams } from '@muster/protocol/bridge';
import { ok } from '@muster/protocol/errors';
import { systemClock } from '../../ui/clock.ts';
import { AuditState } from './audit-state.svelte.ts';

const row = (line: number): AuditRow => ({
  chain: 'audit-1',
  file: 'audit-1.log',
  line,
  seq: line,
  timeMs: line,
  kind: 'request',
  text: `agent=service  line=${line}`,
});
const verdict: AuditVerdict = {
  chain: 'audit-1',
  isIntact: false,
  records: 3,
  signed: 1,
  writer: 'person alice',
  damage: [{ file: 'audit-1.log', line: 2, kind: 'changed', message: 'record 2 was changed' }],
  damageCount: 1,
  notes: [],
  noteCount: 0,
};

it('lists records by what is searched for, and marks those at which a chain breaks', async () => {
  const asked: unknown[] = [];
  const bridge: Pick<BridgeClient, 'call'> = {
    // What is asked here is one of two calls, which the compiler cannot tell apart by their names.
    call: ((name: EndpointName, params: EndpointParams<'audit.records'>) => {
      if (name === 'audit.verify') return Promise.resolve(ok({ chains: [verdict] }));
      asked.push(params.search);
      return Promise.resolve(ok({ total: 70_000, shown: 50_000, rows: [row(3), row(2)] }));
    }) as BridgeClient['call'],
  };
  // It asks and never listens.
  const audit = new AuditState(bridge as BridgeClient, {
    ...systemClock,
    after: (_ms, run) => (run(), () => undefined),
  });
  await expect.poll(() => audit.rows.total).toBe(50_000);
  await expect.poll(() => audit.verdicts).toEqual([verdict]);
  expect(audit.total).toBe(70_000);
  expect([row(3), row(2)].map((one) => audit.isDamaged(one))).toEqual([false, true]);
  audit.searchFor(' alice ');
  await expect.poll(() => asked).toEqual(['', 'alice']);
  audit.dispose();
});
