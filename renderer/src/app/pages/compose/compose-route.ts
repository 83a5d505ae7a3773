import { address, type RouteFormat } from '../route-format.ts';

/** `#/run`. */
export interface ComposeRoute {
  readonly view: 'compose';
}

export const composeRoute: RouteFormat<ComposeRoute> = {
  parse: (path) => (path === '/run' ? { view: 'compose' } : null),
  print: () => address('/run'),
};
