import { createContext } from 'svelte';
import { parseRoute, printRoute, type MainView, type Route } from './router.ts';

/** Where the window is; the address follows, so that a reload shows the same. */
export class NavigationState {
  #route = $state.raw<Route>({ view: 'fleet', filter: '', node: null });
  /** Where each view was left, so that coming back shows it as it was. */
  #left = new Map<Route['view'], Route>();
  readonly #window: Window;
  readonly #onHashChange = () => this.#enter(parseRoute(this.#window.location.hash));

  constructor(window: Window) {
    this.#window = window;
    this.#enter(parseRoute(window.location.hash));
    window.addEventListener('hashchange', this.#onHashChange);
  }

  get route(): Route {
    return this.#route;
  }

  /** Goes somewhere; the step back leads here again. */
  go(route: Route): void {
    this.#window.history.pushState(null, '', printRoute(route));
    this.#enter(route);
  }

  /** Tells more exactly where the window is, without a step in its history. */
  refine(route: Route): void {
    this.#window.history.replaceState(null, '', printRoute(route));
    this.#enter(route);
  }

  /** Changes a part of the fleet's address; does nothing elsewhere. */
  refineFleet(parts: { readonly filter?: string; readonly node?: string | null }): void {
    if (this.#route.view === 'fleet') this.refine({ ...this.#route, ...parts });
  }

  /** Changes a part of the Puppet page's address; does nothing elsewhere. */
  refinePuppet(parts: { readonly filter?: string; readonly node?: string | null }): void {
    if (this.#route.view === 'puppet') this.refine({ ...this.#route, ...parts });
  }

  /** Goes to a view as it was left. */
  goTo(view: MainView): void {
    const fresh: Record<MainView, Route> = {
      fleet: { view: 'fleet', filter: '', node: null },
      compose: { view: 'compose' },
      history: { view: 'history', search: '' },
      puppet: { view: 'puppet', filter: '', node: null },
      catalogue: { view: 'catalogue', subject: null, version: null },
      security: { view: 'security', tab: null },
    };
    this.go(this.#left.get(view) ?? fresh[view]);
  }

  dispose(): void {
    this.#window.removeEventListener('hashchange', this.#onHashChange);
  }

  #enter(route: Route): void {
    this.#left.set(route.view, route);
    this.#route = route;
  }
}

export const [useNavigation, provideNavigation] = createContext<NavigationState>();
