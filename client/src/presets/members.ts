import type { EndpointParams, Group, ListedGroup } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import type { ExpandedGroups, InventoryReader, SelectionStore } from '../storage/index.ts';
import { checkParts } from './check-draft.ts';

type Store = Pick<SelectionStore, 'expandGroups'> & Pick<InventoryReader, 'identitiesMatching'>;

/** Everything that a group comes to, before anybody is looked for. Errors: `group.unknown`, `group.cycle`, those of the filter. */
async function expand(store: Store, of: EndpointParams<'groups.members'>['of']): Promise<Result<ExpandedGroups>> {
  if (of.kind === 'name') return store.expandGroups([of.name], null);
  const parts = checkParts(of.definition);
  if (!parts.ok) return parts;
  const { identities, filter, groups } = parts.value;
  const inside = await store.expandGroups(groups, of.previousName ?? null);
  if (!inside.ok) return inside;
  return ok({
    identities: [...new Set([...identities, ...inside.value.identities])].sort(),
    filters: [...new Set([...(filter === null ? [] : [filter]), ...inside.value.filters])],
  });
}

/** Members by what the inventory knows, sorted. Errors: those of {@link expand}; `filter.needs_fleet`. */
async function membersOf(store: Store, { identities, filters }: ExpandedGroups): Promise<Result<readonly string[]>> {
  if (filters.length === 0) return ok(identities);
  const members = new Set(identities);
  for (const filter of filters) {
    const matching = await store.identitiesMatching(filter);
    if (!matching.ok) return matching;
    for (const identity of matching.value) members.add(identity);
  }
  return ok([...members].sort());
}

export async function previewMembers(
  store: Store,
  { of, limit }: EndpointParams<'groups.members'>,
): Promise<Result<{ total: number; identities: string[] }>> {
  const expanded = await expand(store, of);
  if (!expanded.ok) return expanded;
  const members = await membersOf(store, expanded.value);
  return members.ok ? ok({ total: members.value.length, identities: members.value.slice(0, limit) }) : members;
}

/** The group with how many members it has; null where only the nodes can tell, or its filter fails. */
export async function withMemberCount(store: Store, group: Group): Promise<ListedGroup> {
  const members = await previewMembers(store, { of: { kind: 'name', name: group.name }, limit: 0 });
  return { ...group, members: members.ok ? members.value.total : null };
}
