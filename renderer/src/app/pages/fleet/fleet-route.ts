import { address, type RouteFormat } from '../route-format.ts';

/** `#/fleet?filter=…&node=…`: `node` is the one whose panel is open. */
export interface FleetRoute {
  readonly view: 'fleet';
  readonly filter: string;
  readonly node: string | null;
}

export const fleetRoute: RouteFormat<FleetRoute> = {
  parse: (path, params) =>
    path === '/fleet' ? { view: 'fleet', filter: params.get('filter') ?? '', node: params.get('node') } : null,
  print: ({ filter, node }) => address('/fleet', { filter, node }),
};
