import type { DiscoveryChoice } from '@muster/protocol/bridge';
import { conjunction, discoveryNeeds, type FilterExpression } from '@muster/protocol/filter';
import type { TargetSearch } from '../engine/parts/discovery.ts';
import { filterOfAll, type ResolvedTarget } from './resolve-target.ts';

/** Whom discovery is asked for; null where all are merely named. */
function lookedFor(resolved: ResolvedTarget): FilterExpression | null {
  const { filter, within } = resolved;
  if (filter !== null) return filterOfAll(resolved) ?? conjunction([filter, within]);
  return within.kind === 'all' ? null : within;
}

/** Whether the inventory finds nodes that a broadcast would not: it cannot tell what only nodes know, and names need neither. */
function findsMore(filter: FilterExpression | null): boolean {
  if (filter === null) return false;
  const { needsBroadcast, plainIdentities } = discoveryNeeds(filter);
  return !needsBroadcast && plainIdentities === null;
}

/** How the nodes of a target are found, see `Targets.choose`. */
export function chooseDiscovery(
  resolved: ResolvedTarget,
  configured: DiscoveryChoice,
  { choice, awaitsAway }: TargetSearch,
): DiscoveryChoice | undefined {
  const ordered = choice ?? resolved.discovery;
  if (ordered !== undefined || !awaitsAway || configured.method !== 'broadcast') return ordered;
  return findsMore(lookedFor(resolved)) ? { method: 'inventory', options: {} } : undefined;
}
