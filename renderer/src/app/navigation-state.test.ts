import { expect, it, vi } from 'vitest';
import { ManualClock } from '../../test/window-rig.ts';
import { NavigationState } from './navigation-state.svelte.ts';
import { printRoute, type Route } from './router.ts';

const on = (node: string | null): Route => ({ view: 'fleet', filter: '', node });

function open() {
  const clock = new ManualClock();
  const replaceState = vi.fn();
  const pushState = vi.fn();
  const listeners = new Map<string, () => void>();
  const window = {
    location: { hash: '#/fleet' },
    history: { replaceState, pushState },
    addEventListener: (name: string, listener: () => void) => void listeners.set(name, listener),
    removeEventListener: (name: string) => void listeners.delete(name),
  };
  // What of a window the state reads.
  const navigation = new NavigationState(window as unknown as Window, clock);
  const written = () => replaceState.mock.calls.map(([, , address]) => String(address));
  return { clock, navigation, window, listeners, pushState, replaceState, written };
}

it('shows at once where it is, and writes the address once for a key that is held', () => {
  const { clock, navigation, written } = open();
  for (let node = 1; node <= 30; node++) {
    navigation.refinePart('fleet', { node: `web${node}` });
    expect(navigation.route).toEqual(on(`web${node}`));
  }
  expect(written()).toEqual([]);
  clock.move(250);
  expect(written()).toEqual([printRoute(on('web30'))]);
  expect(clock.pending).toBe(0);
});

it('writes a single step in the next task, so that a reload shows it, and those that follow fast at their end', () => {
  const { clock, navigation, written } = open();
  navigation.refinePart('fleet', { node: 'web1' });
  clock.move(0);
  expect(written()).toEqual([printRoute(on('web1'))]);
  for (const node of ['web2', 'web3']) {
    clock.move(100);
    navigation.refinePart('fleet', { node });
  }
  expect(written()).toHaveLength(1);
  clock.move(50);
  expect(written()).toEqual([on('web1'), on('web3')].map(printRoute));
  expect(clock.pending).toBe(0);
});

it('has written where it was before it goes on, so that the step back leads there', () => {
  const { clock, navigation, pushState, replaceState, written } = open();
  navigation.refinePart('fleet', { node: 'web1' });
  navigation.go({ view: 'compose' });
  expect(written()).toEqual([printRoute(on('web1'))]);
  expect(pushState.mock.calls).toEqual([[null, '', printRoute({ view: 'compose' })]]);
  expect(replaceState.mock.invocationCallOrder[0]).toBeLessThan(pushState.mock.invocationCallOrder[0] ?? 0);
  clock.move(1000);
  expect(written()).toHaveLength(1);
});

it('leaves an address alone that somebody else has written since', () => {
  const { clock, navigation, window, listeners, written } = open();
  navigation.refinePart('fleet', { node: 'web1' });
  window.location.hash = printRoute({ view: 'schedule' });
  listeners.get('hashchange')?.();
  clock.move(1000);
  expect([navigation.route.view, written()]).toEqual(['schedule', []]);
  navigation.refinePart('fleet', { node: 'web2' });
  navigation.dispose();
  clock.move(1000);
  expect([written(), listeners.size]).toEqual([[], 0]);
});
