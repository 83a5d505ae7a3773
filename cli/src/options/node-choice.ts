import { checkConditions, listConditions, parseNodeList, selectFromList } from '@muster/client/discovery';
import { ok, type Result } from '@muster/protocol/errors';
import { allNodes, type FilterExpression } from '@muster/protocol/filter';
import type { Surroundings } from '../surroundings.ts';
import { hasName, namedTarget, type NamedTarget } from './named-target.ts';
import { meansEveryNode, readDiscovery, type WantedDiscovery } from './discovery-choice.ts';
import type { NodeFlags } from './flags.ts';
import { hasSelection, readFilter } from './selection.ts';

/** Which nodes a person chose; `everything` only when no flag, no list and no input narrows them down. */
export type NodeChoice =
  | {
      readonly kind: 'filter';
      readonly filter: FilterExpression;
      readonly everything: boolean;
      readonly doubt?: string;
      /** How to find them, where flags say so. */
      readonly discovery?: WantedDiscovery;
    }
  | { readonly kind: 'nodes'; readonly identities: readonly string[] }
  | {
      readonly kind: 'named';
      /** A preset or a group; its filter is that of the other flags. */
      readonly target: NamedTarget;
      readonly discovery?: WantedDiscovery;
    };

/** How long a pipe on STDIN may stay silent at least before it is taken for an inherited one that nobody writes to, in milliseconds. */
const silentPipeMs = 3000;
/** Where starting takes long, the command before in the pipe takes as long to write its first byte: so many times as long is waited. */
const startsToWait = 4;

async function fromInput({ stdin, runningMs }: Surroundings): Promise<Result<NodeChoice>> {
  const all = (doubt?: string): Result<NodeChoice> =>
    ok({ kind: 'filter', filter: allNodes, everything: true, ...(doubt === undefined ? {} : { doubt }) });
  if (stdin.kind !== 'pipe' && stdin.kind !== 'file') return all();
  const silentAfterMs = Math.max(silentPipeMs, startsToWait * runningMs());
  const read = await stdin.readAll({ silentAfterMs });
  if (!read.ok) return read;
  if (read.value === null)
    return all(`STDIN is a pipe, and nothing came from it in ${Math.round(silentAfterMs / 1000)} seconds`);
  if (read.value.trim() === '') return all('STDIN is empty');
  const list = parseNodeList(read.value, 'STDIN');
  return list.ok ? ok({ kind: 'nodes', identities: list.value }) : list;
}

/** The nodes of a list, or those of them that filters over identities select. */
async function fromList(
  file: string,
  filter: FilterExpression,
  surroundings: Surroundings,
): Promise<Result<NodeChoice>> {
  const possible = checkConditions(filter, { method: 'list', conditions: listConditions });
  if (!possible.ok) return possible;
  const text = file === '-' ? await surroundings.stdin.readAll({}) : await surroundings.readFile(file);
  if (!text.ok) return text;
  const list = parseNodeList(text.value ?? '', file === '-' ? 'STDIN' : file);
  if (!list.ok) return list;
  const identities = selectFromList(list.value, filter);
  return identities.ok ? ok({ kind: 'nodes', identities: identities.value }) : identities;
}

/**
 * The nodes that flags and input choose: a preset or a group that a flag names, a list that a flag names, else those of the filter flags and the discovery flags,
 * else a list on STDIN when that is a pipe or a file, else every node. An input that is empty or silent is no list; then the
 * choice carries a `doubt`, and what changes nodes must not go on.
 *
 * Errors: `usage.invalid` when `--nodes` stands beside `--dm`, `--do`, `--preset` or `--group`; `discovery.*`; `list.malformed`; those of the filter.
 */
export async function chooseNodes(flags: NodeFlags, surroundings: Surroundings): Promise<Result<NodeChoice>> {
  const discovery = readDiscovery(flags);
  if (!discovery.ok) return discovery;
  const wanted = discovery.value;
  if (wanted === null && !hasSelection(flags) && !hasName(flags)) return fromInput(surroundings);
  const filter = readFilter(flags);
  if (!filter.ok) return filter;
  const named = namedTarget(flags, filter.value);
  if (!named.ok) return named;
  if (named.value !== null)
    return ok({ kind: 'named', target: named.value, ...(wanted === null ? {} : { discovery: wanted }) });
  const file = wanted?.method === 'list' ? wanted.options['file'] : undefined;
  if (typeof file === 'string') return fromList(file, filter.value, surroundings);
  const everything = filter.value.kind === 'all' && (wanted === null || meansEveryNode(wanted));
  return ok({ kind: 'filter', filter: filter.value, everything, ...(wanted === null ? {} : { discovery: wanted }) });
}
