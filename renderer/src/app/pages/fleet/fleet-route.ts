import { address, type RouteFormat } from '../route-format.ts';

/** `#/fleet?filter=…&node=…&group=…`: `node` is the one whose panel is open; the members of `group` are to be selected. */
export interface FleetRoute {
  readonly view: 'fleet';
  readonly filter: string;
  readonly node: string | null;
  readonly group?: string;
}

export const fleetRoute: RouteFormat<FleetRoute> = {
  parse(path, params) {
    if (path !== '/fleet') return null;
    const group = params.get('group');
    const route: FleetRoute = { view: 'fleet', filter: params.get('filter') ?? '', node: params.get('node') };
    return group === null ? route : { ...route, group };
  },
  print: ({ filter, node, group = null }) => address('/fleet', { filter, node, group }),
};
