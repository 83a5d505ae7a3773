import { expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { ConsoleLogState, logText } from './console-log-state.svelte.ts';

it('shows the end of the log by level and search, and copies it with the oldest first', async () => {
  const { bridge, clock, settled } = createWindowRig();
  const log = new ConsoleLogState(bridge, clock);
  await settled();
  expect(log.lines?.map(({ level }) => level)).toEqual(['warn', 'error', 'info', 'warn']);
  log.showLevel('error');
  await settled();
  expect(log.lines?.map(({ message }) => message)).toEqual(['The broker does not answer']);
  log.showLevel('trace');
  log.searchFor('revocation');
  clock.move(1000);
  await settled();
  expect(log.lines).toHaveLength(1);
  expect(logText(log.lines ?? [])).toMatch(
    /^\d{4}-\d\d-\d\dT[\d:.]+Z WARN The list of revocations is older than a week code=revocation\.stale$/,
  );
  log.dispose();
});
