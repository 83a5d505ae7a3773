import type { CatalogueSubject } from '../features/catalogue/catalogue-entries.ts';

/** What the window shows, as its address says. */
export type Route =
  | { readonly view: 'fleet'; readonly filter: string; readonly node: string | null }
  | { readonly view: 'compose' }
  | { readonly view: 'run'; readonly runId: string; readonly node: string | null }
  | { readonly view: 'history'; readonly search: string }
  | { readonly view: 'puppet'; readonly filter: string; readonly node: string | null }
  | { readonly view: 'runalls' }
  | { readonly view: 'runall'; readonly runallId: string }
  /** `tab`: null for the first. */
  | { readonly view: 'security'; readonly tab: string | null }
  /** `version`: the one to read about; null for the one that most nodes have. */
  | { readonly view: 'catalogue'; readonly subject: CatalogueSubject | null; readonly version: string | null };

/** The views that the sidebar leads to. */
export type MainView = Exclude<Route['view'], 'run' | 'runalls' | 'runall'>;

/** A route from the part of the address behind `#`; whatever is not understood is the fleet. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const params = new URLSearchParams(query);
  const runId = /^\/runs\/([0-9a-f]{32})$/.exec(path)?.[1];
  if (runId !== undefined) return { view: 'run', runId, node: params.get('node') };
  if (path === '/run') return { view: 'compose' };
  if (path === '/history') return { view: 'history', search: params.get('search') ?? '' };
  const runallId = /^\/puppet\/runalls\/([0-9a-f]{32})$/.exec(path)?.[1];
  if (runallId !== undefined) return { view: 'runall', runallId };
  if (path === '/puppet/runalls') return { view: 'runalls' };
  if (path === '/puppet') return { view: 'puppet', filter: params.get('filter') ?? '', node: params.get('node') };
  const [, isSecurity, tab] = /^(\/security)(?:\/([a-z-]{1,32}))?$/.exec(path) ?? [];
  if (isSecurity !== undefined) return { view: 'security', tab: tab ?? null };
  const [, isCatalogue, isData, name] = /^(\/catalogue)(?:(\/data)?\/([a-z][a-z0-9_]{0,63}))?$/.exec(path) ?? [];
  if (isCatalogue !== undefined) {
    const kind = isData === undefined ? 'agent' : 'data';
    return { view: 'catalogue', subject: name === undefined ? null : { kind, name }, version: params.get('version') };
  }
  return { view: 'fleet', filter: params.get('filter') ?? '', node: params.get('node') };
}

function withParams(path: string, params: Readonly<Record<string, string | null>>): string {
  const given = Object.entries(params).flatMap(([key, value]) =>
    value === null || value === '' ? [] : [[key, value]],
  );
  return given.length === 0 ? `#${path}` : `#${path}?${new URLSearchParams(given).toString()}`;
}

/** The address of a route, from `#` on. */
export function printRoute(route: Route): string {
  switch (route.view) {
    case 'fleet':
      return withParams('/fleet', { filter: route.filter, node: route.node });
    case 'compose':
      return '#/run';
    case 'run':
      return withParams(`/runs/${route.runId}`, { node: route.node });
    case 'history':
      return withParams('/history', { search: route.search });
    case 'puppet':
      return withParams('/puppet', { filter: route.filter, node: route.node });
    case 'runalls':
      return '#/puppet/runalls';
    case 'runall':
      return `#/puppet/runalls/${route.runallId}`;
    case 'security':
      return route.tab === null ? '#/security' : `#/security/${route.tab}`;
    case 'catalogue': {
      const { subject, version } = route;
      if (subject === null) return '#/catalogue';
      return withParams(`/catalogue${subject.kind === 'data' ? '/data' : ''}/${subject.name}`, { version });
    }
  }
}
