import { ok, type Result } from '@muster/protocol/errors';
import type { Discovered, Targets } from '../engine/parts/discovery.ts';
import type { PreparedOrder } from './prepare-order.ts';

/** Finds the nodes of a run. Errors: those of `Targets.find`. */
export function findNodes(
  targets: Targets,
  order: PreparedOrder,
  options: {
    readonly discovered: Discovered | undefined;
    readonly signal: AbortSignal;
    readonly onFound: (count: number) => void;
  },
): Promise<Result<Discovered>> {
  const { resolved, agent, collective, discoveryTimeoutMs, selection } = order;
  const { limit, discovery } = selection;
  if (options.discovered !== undefined) return Promise.resolve(ok(options.discovered));
  let found = 0;
  return targets.find(resolved, {
    agent,
    collective,
    ...(discovery === undefined ? {} : { choice: discovery }),
    ...(limit === undefined ? {} : { limit }),
    ...(discoveryTimeoutMs === undefined ? {} : { timeoutMs: discoveryTimeoutMs }),
    signal: options.signal,
    ...(resolved.filter === null ? {} : { onNode: () => options.onFound(++found) }),
  });
}
