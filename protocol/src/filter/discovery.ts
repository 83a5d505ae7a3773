import type { FilterExpression } from './ast.ts';
import { conditionsOf } from './measure.ts';

/** One question to a data plugin; without an argument, `argument` is `''`. */
export interface DataQuery {
  readonly plugin: string;
  readonly argument: string;
}

/** What it takes to find the nodes of a filter. */
export interface DiscoveryNeeds {
  /** Whether only the nodes themselves can tell, because the filter asks data plugins. */
  readonly needsBroadcast: boolean;
  /** The nodes, when the filter is nothing but their names: then nothing has to be discovered. */
  readonly plainIdentities: readonly string[] | null;
}

/** What a node must ask its data plugins before a filter can be evaluated, each question once. */
export function dataQueries(filter: FilterExpression): readonly DataQuery[] {
  const queries = new Map<string, DataQuery>();
  for (const condition of conditionsOf(filter)) {
    if (condition.kind !== 'data') continue;
    const { plugin, argument = '' } = condition;
    queries.set(JSON.stringify([plugin, argument]), { plugin, argument });
  }
  return [...queries.values()];
}

export function discoveryNeeds(filter: FilterExpression): DiscoveryNeeds {
  return { needsBroadcast: dataQueries(filter).length > 0, plainIdentities: plainIdentities(filter) };
}

function plainIdentities(filter: FilterExpression): readonly string[] | null {
  const names = new Set<string>();
  const waiting: FilterExpression[] = [filter];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.kind === 'or') waiting.push(...next.operands.toReversed());
    else if (next.kind === 'identity' && next.matcher.kind === 'exact') names.add(next.matcher.text);
    else return null;
  }
  return [...names];
}
