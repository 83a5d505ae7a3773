import type { Discovered, Engine } from '@muster/client/engine';
import type { Target } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { conjunction, discoveryNeeds, printFilter, type FilterExpression } from '@muster/protocol/filter';
import type { NodeFlags } from '../options/flags.ts';
import type { NodeChoice } from '../options/node-choice.ts';
import { applyLimit } from '../options/values.ts';
import { createStatusLine } from '../output/progress.ts';
import type { Surroundings } from '../surroundings.ts';

/** Nodes that were found, and how a run should name them. */
export interface Targets extends Discovered {
  readonly target: Target;
  /** Only some of the nodes that the target means. */
  readonly limited: boolean;
}

type FindFlags = Pick<NodeFlags, 'limit' | 'one' | 'sort' | 'verbose' | 'discoveryTimeout'>;

export const limitOf = ({ limit, one }: Pick<NodeFlags, 'limit' | 'one'>): NodeFlags['limit'] =>
  one === true ? { kind: 'count', amount: 1 } : limit;

/** The filter with the condition that a node has the agent, but for names alone, which need no discovery. */
function withAgent(filter: FilterExpression, agent: string | undefined): FilterExpression {
  if (agent === undefined || discoveryNeeds(filter).plainIdentities !== null) return filter;
  return conjunction([filter, { kind: 'agent', matcher: { kind: 'exact', text: agent } }]);
}

async function ask(
  engine: Engine,
  filter: FilterExpression,
  options: { collective: string; flags: FindFlags; surroundings: Surroundings; onNode?: (identity: string) => void },
): Promise<Result<Discovered>> {
  const { flags, surroundings, onNode, collective } = options;
  const enough = new AbortController();
  const bound = limitOf(flags);
  const status = createStatusLine(surroundings.stderr);
  const windowMs = flags.discoveryTimeout ?? engine.configuration.discoveryTimeoutMs;
  let found = 0;
  const show = () => status.show(`Discovering hosts for ${windowMs / 1000} second(s) .... ${found}`);
  const needed = discoveryNeeds(filter).plainIdentities === null;
  if (needed) show();
  const discovered = await engine.discovery.discover({
    filter,
    collective,
    ...(flags.discoveryTimeout === undefined ? {} : { timeoutMs: flags.discoveryTimeout }),
    signal: AbortSignal.any([surroundings.interrupted, enough.signal]),
    onNode: (identity) => {
      found += 1;
      if (bound?.kind === 'count' && found > bound.amount) return;
      if (onNode === undefined) {
        if (needed) show();
      } else {
        status.clear();
        onNode(identity);
      }
      if (bound?.kind === 'count' && found >= bound.amount) enough.abort();
    },
  });
  status.clear();
  return discovered;
}

/**
 * Finds the nodes of a choice: asks the fleet for those of a filter, takes a list as it is. The limit is applied in the
 * order in which the nodes answered, or of the list.
 *
 * Errors: those of discovery; `run.interrupted`. No node is no error.
 */
export async function findTargets(
  engine: Engine,
  choice: NodeChoice,
  options: {
    readonly collective: string;
    readonly flags: FindFlags;
    readonly surroundings: Surroundings;
    /** Only nodes with this agent. */
    readonly agent?: string;
    /** Called for each node as it answers. */
    readonly onNode?: (identity: string) => void;
  },
): Promise<Result<Targets>> {
  const { flags, surroundings } = options;
  const bound = limitOf(flags);
  if (choice.kind === 'nodes') {
    const identities = applyLimit(choice.identities, bound);
    return ok({ identities, durationMs: 0, target: { kind: 'nodes', identities: [...identities] }, limited: false });
  }
  const discovered = await ask(engine, withAgent(choice.filter, options.agent), options);
  if (!discovered.ok) return discovered;
  if (surroundings.interrupted.aborted) {
    return fail('run.interrupted', 'Interrupted while looking for nodes', { mend: 'No request was sent.' });
  }
  const identities = applyLimit(discovered.value.identities, bound);
  if (flags.verbose === true) {
    const seconds = (discovered.value.durationMs / 1000).toFixed(2);
    surroundings.stderr.write(`Discovered ${identities.length} nodes in ${seconds} seconds\n`);
  }
  return ok({
    identities,
    durationMs: discovered.value.durationMs,
    target: { kind: 'filter', filter: printFilter(choice.filter) },
    limited: bound !== undefined,
  });
}
