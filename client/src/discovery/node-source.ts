import type { DiscoveryChoice, DiscoveryMethod } from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';
import type { Condition, FilterExpression } from '@muster/protocol/filter';

/** What a source of nodes is asked for. */
export interface SourceRequest {
  readonly filter: FilterExpression;
  /** Only nodes that have this agent; sources that cannot tell leave it to the nodes, which refuse what they lack. */
  readonly agent?: string;
  readonly collective: string;
  /** The most that it may take, in milliseconds; the source's own default when absent. */
  readonly timeoutMs?: number;
  readonly options: DiscoveryChoice['options'];
  /** To be called for each node as it is found, where nodes are found one by one. */
  readonly onNode: (identity: string) => void;
  /** Ends the search early; what was found by then is the answer. */
  readonly signal?: AbortSignal;
}

/** One way to find nodes. */
export interface NodeSource {
  readonly method: DiscoveryMethod;
  /** The conditions that it can evaluate; a filter with others never reaches it. */
  readonly conditions: ReadonlySet<Condition['kind']>;
  /** The options that it understands; null when any may be given. */
  readonly options: readonly string[] | null;
  /** The nodes, each once, in the order in which they were found. No node is no error. */
  find(request: SourceRequest): Promise<Result<readonly string[]>>;
}

export const everyCondition: ReadonlySet<Condition['kind']> = new Set([
  'fact',
  'class',
  'agent',
  'identity',
  'collective',
  'data',
]);

/** An option that may be given once at most. */
export function singleOption(options: DiscoveryChoice['options'], name: string): string | undefined {
  const value = Object.hasOwn(options, name) ? options[name] : undefined;
  return typeof value === 'object' ? value.at(-1) : value;
}

/** An option as often as it was given. */
export function repeatedOption(options: DiscoveryChoice['options'], name: string): readonly string[] {
  const value = Object.hasOwn(options, name) ? options[name] : undefined;
  return typeof value === 'string' ? [value] : (value ?? []);
}
