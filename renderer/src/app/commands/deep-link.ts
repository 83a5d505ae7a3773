import type { Route } from '../router.ts';

/**
 * The link to a page that other programs may hold, which the desktop shell understands; null for pages that have none. `fleet` is the name of the
 * fleet that it is about, null where that goes without saying.
 */
export function deepLink(route: Route, fleet: string | null): string | null {
  const link = pageLink(route);
  if (link === null || fleet === null) return link;
  return `${link}${link.includes('?') ? '&' : '?'}profile=${encodeURIComponent(fleet)}`;
}

function pageLink(route: Route): string | null {
  if (route.view === 'run') return `muster://run/${route.runId}`;
  if (route.view !== 'fleet') return null;
  if (route.node !== null) return `muster://node/${route.node}`;
  return route.filter === '' ? 'muster://fleet' : `muster://fleet?filter=${encodeURIComponent(route.filter)}`;
}
