import { createContext, untrack } from 'svelte';
import type { Clock } from '../ui/clock.ts';
import { coalesce, type Coalesced } from '../ui/coalesce.ts';
import { parseRoute, printRoute, type Route, type Routes, type View } from './router.ts';

/** The least time between two times that the address is told more exactly, in milliseconds: browsers refuse it at each step of a key that is held. */
const addressMs = 250;

/** Where the window is; the address follows, so that a reload shows the same. */
export class NavigationState {
  #route = $state.raw<Route>({ view: 'fleet', filter: '', node: null });
  /** Where each view was left, so that coming back shows it as it was. */
  #left = new Map<View, Route>();
  readonly #window: Window;
  readonly #address: Coalesced;
  readonly #onHashChange = () => {
    this.#address.stop();
    this.#enter(parseRoute(this.#window.location.hash));
  };

  constructor(window: Window, clock: Clock) {
    this.#window = window;
    let writtenAtMs = Number.NEGATIVE_INFINITY;
    // In a task of its own also where nothing holds it back: it is no part of what a key takes.
    const waitMs = () => Math.max(0, writtenAtMs + addressMs - clock.now());
    this.#address = coalesce(clock, waitMs, () => {
      writtenAtMs = clock.now();
      // Who goes somewhere else does not depend on where the window is.
      const route = untrack(() => this.#route);
      window.history.replaceState(null, '', printRoute(route));
    });
    this.#enter(parseRoute(window.location.hash));
    window.addEventListener('hashchange', this.#onHashChange);
  }

  get route(): Route {
    return this.#route;
  }

  /** Goes somewhere; the step back leads here again. */
  go(route: Route): void {
    this.#address.flush();
    this.#window.history.pushState(null, '', printRoute(route));
    this.#enter(route);
  }

  /** Tells more exactly where the window is, without a step in its history. */
  refine(route: Route): void {
    this.#enter(route);
    this.#address.note();
  }

  /** Changes a part of a view's address; does nothing elsewhere, as when an answer comes after the view was left. */
  refinePart<V extends View>(view: V, parts: Partial<Omit<Routes[V], 'view'>>): void {
    if (this.#route.view === view) this.refine({ ...this.#route, ...parts });
  }

  /** Goes to a view as it was left, or to `fresh` when it was not open yet. */
  goTo(fresh: Route): void {
    this.go(this.#left.get(fresh.view) ?? fresh);
  }

  dispose(): void {
    this.#address.stop();
    this.#window.removeEventListener('hashchange', this.#onHashChange);
  }

  #enter(route: Route): void {
    this.#left.set(route.view, route);
    this.#route = route;
  }
}

export const [useNavigation, provideNavigation] = createContext<NavigationState>();
