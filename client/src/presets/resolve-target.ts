import type { DiscoveryChoice, RunTarget, Target } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import {
  allNodes,
  conjunction,
  disjunction,
  parseFilter,
  printFilter,
  type FilterExpression,
} from '@muster/protocol/filter';
import type { SelectionStore } from '../storage/index.ts';

/** What a target means now: the nodes that are named, and whoever else matches. */
export interface ResolvedTarget {
  /** For the record. */
  readonly target: RunTarget;
  /** Nodes that are named, each once. */
  readonly identities: readonly string[];
  /** Who else is meant; null for nobody. */
  readonly filter: FilterExpression | null;
  /** What every node has to match besides, the named ones too. */
  readonly within: FilterExpression;
  /** What a preset says of where and how to look, for orders that do not say it. */
  readonly collective?: string;
  readonly discovery?: DiscoveryChoice;
}

/** Filters as one that keeps to the bounds on filters. Errors: `filter.too_long`, `filter.too_deep`. */
const bounded = (filter: FilterExpression): Result<FilterExpression> => parseFilter(printFilter(filter));

/** Texts as alternatives; null for none at all. Errors: those of the filters. */
function alternatives(texts: readonly string[]): Result<FilterExpression | null> {
  const filters: FilterExpression[] = [];
  for (const text of texts) {
    const filter = parseFilter(text);
    if (!filter.ok) return filter;
    filters.push(filter.value);
  }
  return filters.length === 0 ? ok(null) : bounded(disjunction(filters));
}

type Named<Kind extends Target['kind']> = Extract<Target, { kind: Kind }>;
type Store = Pick<SelectionStore, 'getPreset' | 'getGroup' | 'expandGroups'>;

async function resolveGroup(store: Store, target: Named<'group'>): Promise<Result<ResolvedTarget>> {
  const within = parseFilter(target.filter ?? '');
  if (!within.ok) return within;
  const group = await store.getGroup(target.name);
  if (!group.ok) return group;
  const { name } = group.value;
  const expanded = await store.expandGroups([name], null);
  if (!expanded.ok) return expanded;
  const filter = alternatives(expanded.value.filters);
  if (!filter.ok) return filter;
  const identities = [...expanded.value.identities];
  const narrowed = within.value.kind === 'all' ? {} : { filter: printFilter(within.value) };
  const resolved = { identities, filter: filter.value === null ? null : printFilter(filter.value) };
  return ok({
    target: { kind: 'group', name, ...narrowed, resolved },
    identities,
    filter: filter.value,
    within: within.value,
  });
}

async function resolvePreset(store: Store, target: Named<'preset'>): Promise<Result<ResolvedTarget>> {
  const within = parseFilter(target.filter ?? '');
  if (!within.ok) return within;
  const preset = await store.getPreset(target.name);
  if (!preset.ok) return preset;
  const { name, collective, discovery } = preset.value;
  const own = parseFilter(preset.value.filter);
  if (!own.ok) return own;
  const filter = bounded(conjunction([own.value, within.value]));
  if (!filter.ok) return filter;
  const narrowed = within.value.kind === 'all' ? {} : { filter: printFilter(within.value) };
  return ok({
    target: { kind: 'preset', name, ...narrowed, resolved: { filter: preset.value.filter } },
    identities: [],
    filter: filter.value,
    within: allNodes,
    ...(collective === undefined ? {} : { collective }),
    ...(discovery === undefined ? {} : { discovery }),
  });
}

/**
 * Looks up what a target means: the definition of a preset or a group as it is now.
 *
 * Errors: `preset.unknown`, `group.unknown`, those of the filter, `storage.*`.
 */
export async function resolveTarget(store: Store, target: Target): Promise<Result<ResolvedTarget>> {
  switch (target.kind) {
    case 'nodes': {
      const identities = [...new Set(target.identities)];
      return ok({ target: { kind: 'nodes', identities }, identities, filter: null, within: allNodes });
    }
    case 'filter': {
      const filter = parseFilter(target.filter);
      if (!filter.ok) return filter;
      const printed = printFilter(filter.value);
      return ok({
        target: { kind: 'filter', filter: printed },
        identities: [],
        filter: filter.value,
        within: allNodes,
      });
    }
    case 'group':
      return resolveGroup(store, target);
    case 'preset':
      return resolvePreset(store, target);
  }
}

/**
 * The filter by which nodes can tell for themselves whether they are meant; null where some are named, whom nobody asks what
 * they are.
 */
export const filterOfAll = ({ identities, filter, within }: ResolvedTarget): FilterExpression | null =>
  filter === null || identities.length > 0 ? null : conjunction([filter, within]);
