import { filterLimits } from '@muster/protocol/filter';
import { profileNamePattern } from '@muster/protocol/bridge';
import { identityPattern } from '@muster/protocol/identity';

/** The scheme of links that other programs may hold: `muster://run/ID`, `muster://node/NAME`, `muster://fleet?filter=…`, each with `profile=NAME` where it is about a fleet that has a name. */
export const linkScheme = 'muster';

/** Longer links are nobody's; in characters. */
const longestLink = filterLimits.textLength * 3 + 100;

/** Where a link leads: the fragment of the window's address, and the name of the fleet; null for the one that is in front. */
export interface LinkTarget {
  readonly fragment: string;
  readonly profile: string | null;
}

/** What a link of ours shows; null for whatever else came from outside. A link only shows: it starts nothing and changes nothing. */
export function targetOf(link: string): LinkTarget | null {
  if (link.length > longestLink || !URL.canParse(link)) return null;
  const { protocol, host, pathname, searchParams, hash, username, password } = new URL(link);
  if (protocol !== `${linkScheme}:` || username !== '' || password !== '' || hash !== '') return null;
  const profiles = searchParams.getAll('profile');
  const [profile = null] = profiles;
  if (profiles.length > 1 || (profile !== null && !profileNamePattern.test(profile))) return null;
  searchParams.delete('profile');
  const fragment = fragmentOf(host, pathname, searchParams);
  return fragment === null ? null : { fragment, profile };
}

function fragmentOf(host: string, pathname: string, params: URLSearchParams): string | null {
  if (host === 'fleet' && (pathname === '' || pathname === '/')) return fleetFragment(params);
  if (params.size > 0) return null;
  const name = pathname.slice(1);
  if (host === 'run') return /^[0-9a-f]{32}$/.test(name) ? `#/runs/${name}` : null;
  if (host === 'node')
    return identityPattern.test(name) ? `#/fleet?${new URLSearchParams({ node: name }).toString()}` : null;
  return null;
}

function fleetFragment(params: URLSearchParams): string | null {
  const filters = params.getAll('filter');
  const [filter = ''] = filters;
  if (params.size !== filters.length || filters.length > 1 || filter.length > filterLimits.textLength) return null;
  return filter === '' ? '#/fleet' : `#/fleet?${new URLSearchParams({ filter }).toString()}`;
}

/** Where the link among a program's arguments leads, where desktops put it; null when there is none. */
export function targetIn(args: readonly string[]): LinkTarget | null {
  const link = args.findLast((argument) => argument.startsWith(`${linkScheme}:`));
  return link === undefined ? null : targetOf(link);
}
