import { catalogueRoute, type CatalogueRoute } from './pages/catalogue/catalogue-route.ts';
import { comparisonRoute, type ComparisonRoute } from './pages/comparison/comparison-route.ts';
import { composeRoute, type ComposeRoute } from './pages/compose/compose-route.ts';
import { fleetRoute, type FleetRoute } from './pages/fleet/fleet-route.ts';
import { healthRoute, type HealthRoute } from './pages/health/health-route.ts';
import { historyRoute, type HistoryRoute } from './pages/history/history-route.ts';
import { nodeRoute, type NodeRoute } from './pages/node/node-route.ts';
import { puppetRoute, type PuppetRoute } from './pages/puppet/puppet-route.ts';
import { runallRoute, runallsRoute, type RunallRoute, type RunallsRoute } from './pages/puppet/runall-routes.ts';
import type { RouteFormat } from './pages/route-format.ts';
import { runRoute, type RunRoute } from './pages/run/run-route.ts';
import { scheduleRoute, type ScheduleRoute } from './pages/schedule/schedule-route.ts';
import { securityRoute, type SecurityRoute } from './pages/security/security-route.ts';
import { settingsRoute, type SettingsRoute } from './pages/settings/settings-route.ts';
import { softwareRoute, type SoftwareRoute } from './pages/software/software-route.ts';

/** What each page needs to know; a reload and another window learn it from the address alone. */
export interface Routes {
  readonly catalogue: CatalogueRoute;
  readonly comparison: ComparisonRoute;
  readonly compose: ComposeRoute;
  readonly fleet: FleetRoute;
  readonly health: HealthRoute;
  readonly history: HistoryRoute;
  readonly node: NodeRoute;
  readonly puppet: PuppetRoute;
  readonly run: RunRoute;
  readonly runall: RunallRoute;
  readonly runalls: RunallsRoute;
  readonly schedule: ScheduleRoute;
  readonly security: SecurityRoute;
  readonly settings: SettingsRoute;
  readonly software: SoftwareRoute;
}

const formats: { readonly [V in View]: RouteFormat<Routes[V]> } = {
  catalogue: catalogueRoute,
  comparison: comparisonRoute,
  compose: composeRoute,
  fleet: fleetRoute,
  health: healthRoute,
  history: historyRoute,
  node: nodeRoute,
  puppet: puppetRoute,
  run: runRoute,
  runall: runallRoute,
  runalls: runallsRoute,
  schedule: scheduleRoute,
  security: securityRoute,
  settings: settingsRoute,
  software: softwareRoute,
};

export type View = keyof Routes;

/** What the window shows, as its address says. */
export type Route = Routes[View];

/** A route from the part of the address behind `#`; whatever is not understood is the fleet. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const params = new URLSearchParams(query);
  for (const format of Object.values(formats)) {
    const route = format.parse(path, params);
    if (route !== null) return route;
  }
  return { view: 'fleet', filter: params.get('filter') ?? '', node: params.get('node') };
}

/** The address of a route, from `#` on. */
export const printRoute = (route: Route): string => printAs(route.view, route);

const printAs = <V extends View>(view: V, route: Routes[V]): string => formats[view].print(route);
