import { applyLimit, withSeed } from '@muster/client/discovery';
import type { Discovered, Engine, ResolvedTarget } from '@muster/client/engine';
import type { DiscoveryChoice, Limit, Target } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { discoveryNeeds, printFilter } from '@muster/protocol/filter';
import { randomBytes } from '@muster/runtime/crypto';
import { chooseDiscovery } from '../options/discovery-choice.ts';
import type { NodeFlags } from '../options/flags.ts';
import { readLimit } from '../options/limits.ts';
import type { NodeChoice } from '../options/node-choice.ts';
import { createStatusLine } from '../output/progress.ts';
import type { Surroundings } from '../surroundings.ts';
import { checkCollective } from './with-engine.ts';

/** Nodes that were found, and how a run should name them. */
export interface Targets extends Discovered {
  readonly target: Target;
  /** How they were found, where that was not as configured. */
  readonly choice?: DiscoveryChoice;
  /** What the preset or the group meant that the target names. */
  readonly resolved?: ResolvedTarget;
  /** Where a preset has them looked for. */
  readonly collective?: string;
}

type FindFlags = Pick<
  NodeFlags,
  'limit' | 'one' | 'limitMethod' | 'limitSeed' | 'sort' | 'verbose' | 'target' | 'discoveryTimeout'
>;

interface FindOptions {
  readonly collective: string;
  readonly flags: FindFlags;
  readonly surroundings: Surroundings;
  /** Only nodes with this agent. */
  readonly agent?: string;
  /** Called for each node as it answers. */
  readonly onNode?: (identity: string) => void;
}

/** How nodes are looked for, and whether that takes time. */
interface Search {
  readonly choice: DiscoveryChoice;
  readonly takesTime: boolean;
  readonly find: (order: Parameters<Engine['targets']['find']>[1]) => Promise<Result<Discovered>>;
}

/** Looks for nodes, and shows on a terminal that it does. */
async function search(
  engine: Engine,
  { choice, takesTime, find }: Search,
  limit: Limit | undefined,
  options: FindOptions,
): Promise<Result<Discovered>> {
  const { flags, surroundings, onNode, collective, agent } = options;
  const status = createStatusLine(surroundings.stderr);
  const seconds = (flags.discoveryTimeout ?? engine.configuration.discoveryTimeoutMs) / 1000;
  const how = choice.method === 'broadcast' ? `for ${seconds} second(s)` : `by ${choice.method}`;
  let found = 0;
  const show = () => status.show(`Discovering hosts ${how} .... ${found}`);
  if (takesTime) show();
  const discovered = await find({
    collective,
    choice,
    ...(agent === undefined ? {} : { agent }),
    ...(limit === undefined ? {} : { limit }),
    ...(flags.discoveryTimeout === undefined ? {} : { timeoutMs: flags.discoveryTimeout }),
    signal: surroundings.interrupted,
    onNode: (identity) => {
      found += 1;
      if (onNode === undefined) {
        if (takesTime) show();
      } else {
        status.clear();
        onNode(identity);
      }
    },
  });
  status.clear();
  if (!discovered.ok) return discovered;
  if (surroundings.interrupted.aborted) {
    return fail('run.interrupted', 'Interrupted while looking for nodes', { mend: 'No request was sent.' });
  }
  const { identities, durationMs, method } = discovered.value;
  if (flags.verbose === true) {
    const taken = (durationMs / 1000).toFixed(2);
    surroundings.stderr.write(`Discovered ${identities.length} nodes in ${taken} seconds using the ${method} method\n`);
  }
  return discovered;
}

/** What a person named: a preset or a group as it is now. What it says of where and how to look yields to flags. */
async function findNamed(
  engine: Engine,
  { target, discovery }: Extract<NodeChoice, { kind: 'named' }>,
  limit: Limit | undefined,
  options: FindOptions,
): Promise<Result<Targets>> {
  const resolved = await engine.targets.resolve(target);
  if (!resolved.ok) return resolved;
  const collective = checkCollective(engine, options.flags.target ?? resolved.value.collective);
  if (!collective.ok) return collective;
  const usual = resolved.value.discovery ?? engine.discovery.choice;
  const choice = discovery === undefined ? usual : chooseDiscovery(discovery, usual);
  const { filter, within } = resolved.value;
  const find: Search['find'] = (order) => engine.targets.find(resolved.value, order);
  const takesTime = filter !== null || within.kind !== 'all';
  const discovered = await search(engine, { choice, takesTime, find }, limit, {
    ...options,
    collective: collective.value,
  });
  if (!discovered.ok) return discovered;
  const chosen = discovery === undefined && resolved.value.discovery === undefined ? {} : { choice };
  return ok({ ...discovered.value, target, resolved: resolved.value, collective: collective.value, ...chosen });
}

/**
 * Finds the nodes of a choice: discovers those of a filter, looks up presets and groups, takes a list as it is. A limit takes the first in the order in
 * which the nodes answered, or of the list; or draws.
 *
 * Errors: those of discovery; `preset.unknown`, `group.unknown`; `usage.invalid` for flags of limits that contradict each other; `run.interrupted`. No node is no error.
 */
export async function findTargets(engine: Engine, choice: NodeChoice, options: FindOptions): Promise<Result<Targets>> {
  const limit = readLimit(options.flags);
  if (!limit.ok) return limit;
  if (choice.kind === 'named') return findNamed(engine, choice, limit.value, options);
  if (choice.kind === 'nodes') {
    const drawn = limit.value === undefined ? undefined : withSeed(limit.value, randomBytes);
    const identities = applyLimit(choice.identities, drawn);
    const target: Target = { kind: 'nodes', identities: [...identities] };
    return ok({ identities, durationMs: 0, method: 'list', target, ...(drawn === undefined ? {} : { limit: drawn }) });
  }
  const configured = engine.discovery.choice;
  const wanted = choice.discovery === undefined ? undefined : chooseDiscovery(choice.discovery, configured);
  const how = wanted ?? configured;
  const takesTime = how.method !== 'broadcast' || discoveryNeeds(choice.filter).plainIdentities === null;
  const find: Search['find'] = (order) => engine.discovery.discover({ ...order, filter: choice.filter });
  const discovered = await search(engine, { choice: how, takesTime, find }, limit.value, options);
  if (!discovered.ok) return discovered;
  return ok({
    ...discovered.value,
    target: { kind: 'filter', filter: printFilter(choice.filter) },
    ...(wanted === undefined ? {} : { choice: wanted }),
  });
}
