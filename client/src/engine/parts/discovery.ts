import type { DiscoveryChoice, DiscoveryMethod, Limit, Target } from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';
import type { FilterExpression } from '@muster/protocol/filter';
import type { ResolvedTarget } from '../../presets/index.ts';

export interface DiscoveryOrder {
  readonly filter: FilterExpression;
  /** Only nodes that have this agent. A filter that merely names identities is taken at its word all the same. */
  readonly agent?: string;
  /** Default: the first collective of the configuration. */
  readonly collective?: string;
  /** How to find them; as configured when absent. */
  readonly choice?: DiscoveryChoice;
  /**
   * The window of a broadcast, in milliseconds; 2 s by default, or as configured. Data plugins in the filter add 1 s each.
   * For PuppetDB and programs, the most that they may take.
   */
  readonly timeoutMs?: number;
  /** Only some of the nodes found. With `first` and a number, discovery ends as soon as that many have answered. */
  readonly limit?: Limit;
  /** Called for each node as it answers, before a share or a draw leaves some out. */
  readonly onNode?: (identity: string) => void;
  /** Ends the window early; what has answered by then is the result. */
  readonly signal?: AbortSignal;
}

export interface Discovered {
  /** In order of arrival, or as they were drawn. */
  readonly identities: readonly string[];
  /** 0 when no question was needed, because the filter only names identities. */
  readonly durationMs: number;
  /** How they were found; `list` when the filter only names identities. */
  readonly method: DiscoveryMethod;
  /** The limit that was applied, with the seed that it drew by. */
  readonly limit?: Limit;
}

export interface Discovery {
  /** What an order gets that chooses no method. */
  readonly choice: DiscoveryChoice;
  /** Finds nodes. Errors: `discovery.*`, `usage.invalid` (options), those of the filter and of the broker. No match is no error. */
  discover(order: DiscoveryOrder): Promise<Result<Discovered>>;
}

/** What an order says of how the nodes of a target are found. */
export interface TargetSearch {
  readonly choice?: DiscoveryChoice | undefined;
  /** Nodes that are away are meant too. */
  readonly awaitsAway: boolean;
}

/** What targets mean. */
export interface Targets {
  /** Looks up presets and groups. Errors: `preset.unknown`, `group.unknown`, those of the filter. */
  resolve(target: Target): Promise<Result<ResolvedTarget>>;
  /**
   * How nodes are to be found: as ordered, or as a preset says. Where neither says, those of a run that waits for nodes that are away are taken
   * from the inventory, for such nodes answer no broadcast, unless only nodes can tell who matches. Undefined for as configured.
   */
  choose(resolved: ResolvedTarget, search: TargetSearch): DiscoveryChoice | undefined;
  /** Finds the nodes. Those that are merely named are taken at their word. Errors: those of {@link Discovery.discover}. */
  find(resolved: ResolvedTarget, order: Omit<DiscoveryOrder, 'filter'>): Promise<Result<Discovered>>;
}
