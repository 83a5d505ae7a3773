import { ok, type Result } from '@muster/protocol/errors';
import { conjunction, disjunction, parseFilter, printFilter, type FilterExpression } from '@muster/protocol/filter';
import type { RandomBytes } from '@muster/runtime/effects';
import { applyLimit, withSeed } from '../discovery/index.ts';
import type { Discovered, Discovery, DiscoveryOrder } from '../engine/parts/discovery.ts';
import { filterOfAll, type ResolvedTarget } from './resolve-target.ts';

/** How nodes of a target are found; which ones the target says. */
export type FindOrder = Omit<DiscoveryOrder, 'filter'>;

type Search = (filter: FilterExpression) => Promise<Result<Discovered>>;

const isNamed = (identity: string): FilterExpression => ({
  kind: 'identity',
  matcher: { kind: 'exact', text: identity },
});

/** Those of both, each once, with the longer of the two times. */
function together(one: Discovered, other: Discovered): Discovered {
  const identities = [...new Set([...one.identities, ...other.identities])];
  return { ...one, identities, durationMs: Math.max(one.durationMs, other.durationMs) };
}

/**
 * The named nodes and all others that match `within`. As a rule in one question; where that would be too long for a filter, whoever
 * matches is looked for, and compared with the names here.
 */
async function narrowDown({ identities, filter, within }: ResolvedTarget, search: Search): Promise<Result<Discovered>> {
  const anyOf = disjunction([...(filter === null ? [] : [filter]), ...identities.map(isNamed)]);
  const inOne = parseFilter(printFilter(conjunction([within, anyOf])));
  if (inOne.ok) return search(inOne.value);
  const names = new Set(identities);
  const [matching, others] = await Promise.all([
    search(within),
    filter === null ? null : search(conjunction([within, filter])),
  ]);
  if (!matching.ok) return matching;
  const named = { ...matching.value, identities: matching.value.identities.filter((identity) => names.has(identity)) };
  if (others === null) return ok(named);
  return others.ok ? ok(together(named, others.value)) : others;
}

/** The named nodes, taken at their word, and the others. */
async function addNamed({ identities, filter }: ResolvedTarget, search: Search): Promise<Result<Discovered>> {
  const named: Discovered = { identities, durationMs: 0, method: 'list' };
  if (filter === null) return ok(named);
  const others = await search(filter);
  return others.ok ? ok({ ...together(named, others.value), method: others.value.method }) : others;
}

/**
 * Finds the nodes of a target. Nodes that are merely named, in a list or a group, are not looked for and need no agent; in a group they come
 * first. What the order leaves open, a preset may say.
 *
 * Errors: those of discovery.
 */
export async function findMembers(
  discovery: Discovery,
  resolved: ResolvedTarget,
  order: FindOrder,
  randomBytes: RandomBytes,
): Promise<Result<Discovered>> {
  const { limit, onNode, ...rest } = order;
  const collective = order.collective ?? resolved.collective;
  const choice = order.choice ?? resolved.discovery;
  const completed = {
    ...rest,
    ...(collective === undefined ? {} : { collective }),
    ...(choice === undefined ? {} : { choice }),
  };
  const only = filterOfAll(resolved);
  if (only !== null) {
    const bounds = { ...(limit === undefined ? {} : { limit }), ...(onNode === undefined ? {} : { onNode }) };
    return discovery.discover({ ...completed, ...bounds, filter: only });
  }

  const told = new Set<string>();
  const bound = limit?.method === 'first' && limit.size.unit === 'nodes' ? limit.size.amount : Infinity;
  const tell = (identity: string) => {
    if (told.has(identity) || told.size >= bound) return;
    told.add(identity);
    onNode?.(identity);
  };
  const isWhole = resolved.within.kind === 'all';
  if (isWhole) for (const identity of resolved.identities) tell(identity);
  const search = (filter: FilterExpression, report: (identity: string) => void) =>
    discovery.discover({ ...completed, filter, onNode: report });
  const found = isWhole
    ? await addNamed(resolved, (filter) => search(filter, tell))
    : await narrowDown(resolved, (filter) => search(filter, () => undefined));
  if (!found.ok) return found;
  const seeded = limit === undefined ? undefined : withSeed(limit, randomBytes);
  const identities = applyLimit(found.value.identities, seeded);
  if (!isWhole) for (const identity of identities) tell(identity);
  return ok({ ...found.value, identities, ...(seeded === undefined ? {} : { limit: seeded }) });
}
