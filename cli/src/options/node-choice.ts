import { fail, ok, type Result } from '@muster/protocol/errors';
import { allNodes, type FilterExpression } from '@muster/protocol/filter';
import type { Surroundings } from '../surroundings.ts';
import type { NodeFlags } from './flags.ts';
import { parseNodeList } from './node-list.ts';
import { hasSelection, readFilter } from './selection.ts';

/** Which nodes a person chose; `everything` only when no flag, no list and no input narrows them down. */
export type NodeChoice =
  | {
      readonly kind: 'filter';
      readonly filter: FilterExpression;
      readonly everything: boolean;
      readonly doubt?: string;
    }
  | { readonly kind: 'nodes'; readonly identities: readonly string[] };

/** How long a pipe on STDIN may stay silent before it is taken for an inherited one that nobody writes to. */
const silentPipeMs = 3000;

async function fromInput({ stdin }: Surroundings): Promise<Result<NodeChoice>> {
  const all = (doubt?: string): Result<NodeChoice> =>
    ok({ kind: 'filter', filter: allNodes, everything: true, ...(doubt === undefined ? {} : { doubt }) });
  if (stdin.kind !== 'pipe' && stdin.kind !== 'file') return all();
  const read = await stdin.readAll({ silentAfterMs: silentPipeMs });
  if (!read.ok) return read;
  if (read.value === null) return all(`STDIN is a pipe, and nothing came from it in ${silentPipeMs / 1000} seconds`);
  if (read.value.trim() === '') return all('STDIN is empty');
  const list = parseNodeList(read.value, 'STDIN');
  return list.ok ? ok({ kind: 'nodes', identities: list.value }) : list;
}

/**
 * The nodes that flags and input choose: `--nodes`, else the filter flags, else a list on STDIN when that is a pipe or a
 * file, else every node. An input that is empty or silent is no list; then the choice carries a `doubt`, and what changes
 * nodes must not go on.
 *
 * Errors: `usage.invalid` when `--nodes` stands beside filter flags; `list.malformed`; those of the filter.
 */
export async function chooseNodes(flags: NodeFlags, surroundings: Surroundings): Promise<Result<NodeChoice>> {
  const selected = hasSelection(flags);
  if (flags.nodes === undefined) {
    if (!selected) return fromInput(surroundings);
    const filter = readFilter(flags);
    return filter.ok ? ok({ kind: 'filter', filter: filter.value, everything: filter.value.kind === 'all' }) : filter;
  }
  if (selected) {
    return fail('usage.invalid', '--nodes cannot be combined with -F, -C, -I, -A, -W or -S', {
      mend: 'Use a list or a filter.',
    });
  }
  const fromStdin = flags.nodes === '-';
  const text = fromStdin ? await surroundings.stdin.readAll({}) : await surroundings.readFile(flags.nodes);
  if (!text.ok) return text;
  const list = parseNodeList(text.value ?? '', fromStdin ? 'STDIN' : flags.nodes);
  return list.ok ? ok({ kind: 'nodes', identities: list.value }) : list;
}
