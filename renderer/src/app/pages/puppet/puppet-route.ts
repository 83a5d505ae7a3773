import { address, type RouteFormat } from '../route-format.ts';

/** `#/puppet?filter=…&node=…`: `node` is the one whose panel is open. */
export interface PuppetRoute {
  readonly view: 'puppet';
  readonly filter: string;
  readonly node: string | null;
}

export const puppetRoute: RouteFormat<PuppetRoute> = {
  parse: (path, params) =>
    path === '/puppet' ? { view: 'puppet', filter: params.get('filter') ?? '', node: params.get('node') } : null,
  print: ({ filter, node }) => address('/puppet', { filter, node }),
};
