import { address, type RouteFormat } from '../route-format.ts';

/** `#/fleet?filter=…&node=…&group=…`: `node` is the one whose panel is open; the members of `group` are to be selected. */
export interface FleetRoute {
  readonly view: 'fleet';
  readonly filter: string;
  readonly node: string | null;
  readonly group?: string | undefined;
}

export const fleetRoute: RouteFormat<FleetRoute> = {
  parse: (path, params) =>
    path === '/fleet'
      ? {
          view: 'fleet',
          filter: params.get('filter') ?? '',
          node: params.get('node'),
          group: params.get('group') ?? undefined,
        }
      : null,
  print: ({ filter, node, group = null }) => address('/fleet', { filter, node, group }),
};
