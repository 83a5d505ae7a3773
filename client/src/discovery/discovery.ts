import type { DiscoveryChoice, DiscoveryMethod } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import { discoveryNeeds } from '@muster/protocol/filter';
import type { Effects } from '../effects.ts';
import type { Discovered, Discovery, DiscoveryOrder } from '../engine/parts/discovery.ts';
import { applyLimit, withSeed } from './limit.ts';
import type { NodeSource } from './node-source.ts';
import { checkConditions, checkOptions } from './support.ts';

/** All ways to find nodes behind one door: chooses, refuses what a way cannot do, limits. */
export function createDiscovery(parts: {
  readonly sources: Readonly<Record<DiscoveryMethod, NodeSource>>;
  readonly effects: Pick<Effects, 'clock' | 'randomBytes'>;
  /** What an order gets that chooses nothing. */
  readonly choice: DiscoveryChoice;
  readonly collective: string;
}): Discovery {
  const { sources, effects } = parts;

  async function find(order: DiscoveryOrder, choice: DiscoveryChoice): Promise<Result<readonly string[]>> {
    const source = sources[choice.method];
    const supported = checkConditions(order.filter, source);
    if (!supported.ok) return supported;
    const known = checkOptions(choice.options, source);
    if (!known.ok) return known;
    const { limit, signal } = order;
    const enough = new AbortController();
    const bound = limit?.method === 'first' && limit.size.unit === 'nodes' ? limit.size.amount : Infinity;
    let found = 0;
    return source.find({
      filter: order.filter,
      ...(order.agent === undefined ? {} : { agent: order.agent }),
      collective: order.collective ?? parts.collective,
      ...(order.timeoutMs === undefined ? {} : { timeoutMs: order.timeoutMs }),
      options: choice.options,
      signal: signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]),
      onNode: (identity) => {
        found += 1;
        if (found <= bound) order.onNode?.(identity);
        if (found >= bound) enough.abort();
      },
    });
  }

  /** Names that need no discovery: the nodes of the filter itself. */
  const named = ({ filter }: DiscoveryOrder, { method }: DiscoveryChoice) =>
    method === 'broadcast' ? discoveryNeeds(filter).plainIdentities : null;

  return {
    choice: parts.choice,
    async discover(order) {
      const choice = order.choice ?? parts.choice;
      const limit = order.limit === undefined ? undefined : withSeed(order.limit, effects.randomBytes);
      const startedAtMs = effects.clock();
      const plain = named(order, choice);
      const found = plain === null ? await find(order, choice) : ok(plain);
      if (!found.ok) return found;
      const identities = applyLimit([...new Set(found.value)], limit);
      if (plain !== null || choice.method !== 'broadcast') for (const identity of identities) order.onNode?.(identity);
      const discovered: Discovered = {
        identities,
        durationMs: plain === null ? effects.clock() - startedAtMs : 0,
        method: plain === null ? choice.method : 'list',
        ...(limit === undefined ? {} : { limit }),
      };
      return ok(discovered);
    },
  };
}
