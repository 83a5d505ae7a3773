import type { EndpointParams, EndpointResult, ResultDetail } from '@muster/protocol/bridge';

interface Outdated {
  readonly package: string;
  readonly version: string;
}

const outdatedOf = ({ data }: ResultDetail): readonly Outdated[] =>
  (data['outdated_packages'] ?? []) as unknown as readonly Outdated[]; // the fake fleet answers nothing else

const answered = (results: readonly ResultDetail[]) => results.filter(({ state }) => state === 'ok');

/** What can be updated, by package. */
export function updateSlice(
  results: readonly ResultDetail[],
  { search, offset, limit }: EndpointParams<'software.updates'>,
): EndpointResult<'software.updates'> {
  const all = answered(results);
  const updates = [...Map.groupBy(all.flatMap(outdatedOf), (one) => one.package)]
    .map(([name, found]) => ({
      package: name,
      nodes: found.length,
      versions: [...Map.groupBy(found, ({ version }) => version)].map(([version, { length }]) => ({
        version,
        nodes: length,
      })),
      distinct: new Set(found.map(({ version }) => version)).size,
    }))
    .filter((update) => update.package.includes(search))
    .sort((a, b) => b.nodes - a.nodes);
  return {
    total: updates.length,
    answered: all.length,
    current: all.filter((one) => outdatedOf(one).length === 0).length,
    updates: updates.slice(offset, offset + limit),
  };
}

export const updateNodes = (results: readonly ResultDetail[], name: string): readonly string[] =>
  answered(results)
    .filter((one) => outdatedOf(one).some((outdated) => outdated.package === name))
    .map(({ identity }) => identity)
    .sort();
