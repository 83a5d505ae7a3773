import { filterLimits } from '@muster/protocol/filter';
import { identityPattern } from '@muster/protocol/identity';

/** The scheme of links that other programs may hold: `muster://run/ID`, `muster://node/NAME`, `muster://fleet?filter=…`. */
export const linkScheme = 'muster';

/** Longer links are nobody's; in characters. */
const longestLink = filterLimits.textLength * 3 + 100;

/**
 * What a link of ours shows, as the fragment of the window's address; null for whatever else came from outside. A link only shows: it starts
 * nothing and changes nothing.
 */
export function fragmentOf(link: string): string | null {
  if (link.length > longestLink || !URL.canParse(link)) return null;
  const { protocol, host, pathname, search, searchParams, hash, username, password } = new URL(link);
  if (protocol !== `${linkScheme}:` || username !== '' || password !== '' || hash !== '') return null;
  if (host === 'fleet' && (pathname === '' || pathname === '/')) return fleetFragment(searchParams);
  if (search !== '') return null;
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

/** The fragment of the link among a program's arguments, where desktops put it; null when there is none. */
export function fragmentIn(args: readonly string[]): string | null {
  const link = args.findLast((argument) => argument.startsWith(`${linkScheme}:`));
  return link === undefined ? null : fragmentOf(link);
}
