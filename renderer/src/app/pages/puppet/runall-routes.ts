import { address, type RouteFormat } from '../route-format.ts';

/** `#/puppet/runalls`. */
export interface RunallsRoute {
  readonly view: 'runalls';
}

/** `#/puppet/runalls/ID`. */
export interface RunallRoute {
  readonly view: 'runall';
  readonly runallId: string;
}

export const runallsRoute: RouteFormat<RunallsRoute> = {
  parse: (path) => (path === '/puppet/runalls' ? { view: 'runalls' } : null),
  print: () => address('/puppet/runalls'),
};

export const runallRoute: RouteFormat<RunallRoute> = {
  parse(path) {
    const runallId = /^\/puppet\/runalls\/([0-9a-f]{32})$/.exec(path)?.[1];
    return runallId === undefined ? null : { view: 'runall', runallId };
  },
  print: ({ runallId }) => address(`/puppet/runalls/${runallId}`),
};
