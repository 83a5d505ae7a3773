import { parseFilter } from '@muster/protocol/filter';
import { expect, it } from 'vitest';
import { fakeDataPlugins } from '../../../test/fake-data-plugins.ts';
import { createWindowRig } from '../../../test/window-rig.ts';
import { exampleCommand, exampleFilter } from './example-line.ts';

it('fills in what an action requires, and aims at one node when it changes something', async () => {
  const answer = await createWindowRig(3).bridge.call('actions.list', {});
  const agents = answer.ok ? answer.value.agents : [];
  const lines = agents.flatMap(({ ddl }) => ddl.actions.map((action) => exampleCommand(ddl.name, action)));
  expect(lines).toContain('muster rpc rpcutil get_fact fact=FACT');
  expect(lines).toContain('muster rpc service restart service=SERVICE mode=graceful -I NODE');
});

it('asks data plugins in filters that can be read', () => {
  const filters = fakeDataPlugins(3).flatMap(({ versions }) =>
    versions.slice(0, 1).map(({ ddl }) => exampleFilter(ddl)),
  );
  expect(filters).toEqual([`fact('PATH').exists=true`, 'puppet().enabled=true']);
  for (const filter of filters) expect(parseFilter(filter)).toMatchObject({ ok: true });
});
