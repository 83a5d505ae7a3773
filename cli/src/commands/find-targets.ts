import { applyLimit, withSeed } from '@muster/client/discovery';
import type { Discovered, Engine, ResolvedTarget } from '@muster/client/engine';
import type { DiscoveryChoice, Limit, Target } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { discoveryNeeds, printFilter } from '@muster/protocol/filter';
import { randomBytes } from '@muster/runtime/crypto';
import { chooseDiscovery, type WantedDiscovery } from '../options/discovery-choice.ts';
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
  /** What the target meant; absent where nodes are merely listed. */
  readonly resolved?: ResolvedTarget;
  /** Where they were looked for, for a preset may say so. */
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
  /** The run waits for nodes that are away, so that they are meant too. */
  readonly awaitsAway?: boolean;
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

/** What a person chose, as the engine takes it. */
const targetOf = (choice: Exclude<NodeChoice, { kind: 'nodes' }>): Target =>
  choice.kind === 'named' ? choice.target : { kind: 'filter', filter: printFilter(choice.filter) };

/** Whether finding them takes a question, or reading: nodes that are merely named are taken at their word. */
function needsSearch({ filter, within }: ResolvedTarget, { method }: DiscoveryChoice): boolean {
  if (filter === null) return within.kind !== 'all';
  return method !== 'broadcast' || discoveryNeeds(filter).plainIdentities === null;
}

/** Says whether nodes that are away are among those that were found, for the run waits for them. */
function tellAboutAway({ identities, method }: Discovered, { stderr }: Surroundings): void {
  if (method === 'inventory')
    stderr.write(`Found ${identities.length} nodes in the inventory, those that are away included.\n`);
  if (method === 'broadcast')
    stderr.write('Nodes that are away are not among those found, for they answer no broadcast.\n');
}

/** The nodes of a filter, a preset or a group as they are now. What a preset says of where and how to look yields to flags. */
async function findResolved(
  engine: Engine,
  { target, discovery }: { readonly target: Target; readonly discovery: WantedDiscovery | undefined },
  limit: Limit | undefined,
  options: FindOptions,
): Promise<Result<Targets>> {
  const { flags, surroundings, awaitsAway = false } = options;
  const resolved = await engine.targets.resolve(target);
  if (!resolved.ok) return resolved;
  const collective = checkCollective(engine, flags.target ?? resolved.value.collective);
  if (!collective.ok) return collective;
  const configured = engine.discovery.choice;
  const wanted =
    discovery === undefined ? undefined : chooseDiscovery(discovery, resolved.value.discovery ?? configured);
  const chosen = engine.targets.choose(resolved.value, { choice: wanted, awaitsAway });
  const choice = chosen ?? configured;
  const discovered = await search(
    engine,
    {
      choice,
      takesTime: needsSearch(resolved.value, choice),
      find: (order) => engine.targets.find(resolved.value, order),
    },
    limit,
    { ...options, collective: collective.value },
  );
  if (!discovered.ok) return discovered;
  if (awaitsAway) tellAboutAway(discovered.value, surroundings);
  return ok({
    ...discovered.value,
    target,
    resolved: resolved.value,
    collective: collective.value,
    ...(chosen === undefined ? {} : { choice: chosen }),
  });
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
  if (choice.kind !== 'nodes') {
    const { discovery } = choice;
    return findResolved(engine, { target: targetOf(choice), discovery }, limit.value, options);
  }
  const drawn = limit.value === undefined ? undefined : withSeed(limit.value, randomBytes);
  const identities = applyLimit(choice.identities, drawn);
  const target: Target = { kind: 'nodes', identities: [...identities] };
  return ok({ identities, durationMs: 0, method: 'list', target, ...(drawn === undefined ? {} : { limit: drawn }) });
}
