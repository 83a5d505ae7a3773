// @vitest-environment jsdom
import { expect, it, onTestFinished, vi } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { CatalogueState } from './catalogue-state.svelte.ts';

it('hears in silence what the fleet says after its page was left', async () => {
  const warn = vi.spyOn(console, 'warn');
  onTestFinished(() => warn.mockRestore());
  const { bridge, settled } = createWindowRig(40);
  let catalogue: CatalogueState | undefined;
  const leave = $effect.root(() => {
    catalogue = new CatalogueState(bridge);
    expect(catalogue.entries).toBeNull();
  });
  leave();
  await settled();
  expect(catalogue?.entry).toBeNull();
  expect(warn).not.toHaveBeenCalled();
});
