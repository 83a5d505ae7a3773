import type { RunOrder } from '@muster/protocol/bridge';
import { validateInputs, withDefaults, type ActionDefinition, type AgentDdl } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { FilterExpression } from '@muster/protocol/filter';
import { filterOfAll, type ResolvedTarget } from '../presets/index.ts';

/** An order that fits the DDL, with everything that was left open filled in. */
export interface PreparedOrder {
  readonly collective: string;
  readonly agent: string;
  readonly action: ActionDefinition;
  /** With defaults; what is sent. */
  readonly inputs: RunOrder['inputs'];
  /** What may be stored and shown: sensitive inputs are masked. */
  readonly shownInputs: RunOrder['inputs'];
  /** By which nodes can tell whether they are meant; null when some are named. */
  readonly filter: FilterExpression | null;
  readonly resolved: ResolvedTarget;
  /** Only what was ordered; the method knows its own default. */
  readonly discoveryTimeoutMs: number | undefined;
  /** For each batch, where there are batches. */
  readonly timeoutMs: number;
  readonly ttlMs: number;
  /** How the nodes are chosen and asked, as far as it was ordered. */
  readonly selection: Pick<RunOrder, 'discovery' | 'limit' | 'batch'>;
}

/** MCollective's time to live, in milliseconds. */
const defaultTtlMs = 60_000;

const masked = '(sensitive)';

/**
 * Checks an order against the DDL and fills it in, from the preset that it names where it is silent.
 *
 * Errors: those of `findDdl`, `request.unknown_action`, `request.invalid_input`, `request.wrong_collective`.
 */
export async function prepareOrder(
  order: RunOrder,
  resolved: ResolvedTarget,
  findDdl: (agent: string) => Promise<Result<AgentDdl>>,
  defaults: { readonly collectives: readonly [string, ...string[]]; readonly discoveryTimeoutMs: number },
): Promise<Result<PreparedOrder>> {
  const collective = order.collective ?? resolved.collective ?? defaults.collectives[0];
  if (!defaults.collectives.includes(collective))
    return fail('request.wrong_collective', `Unknown collective ${collective}`);
  const ddl = await findDdl(order.agent);
  if (!ddl.ok) return ddl;
  const action = ddl.value.actions.find(({ name }) => name === order.action);
  if (action === undefined) {
    return fail(
      'request.unknown_action',
      `Attempted to call action ${order.action} for ${order.agent} but it's not declared in the DDL`,
      {
        mend: `The agent has: ${ddl.value.actions.map(({ name }) => name).join(', ')}`,
      },
    );
  }
  const filled = withDefaults(action, order.inputs);
  const fits = validateInputs(action, filled);
  if (!fits.ok) return fits;
  // The order's inputs and the DDL's defaults are both JSON.
  const inputs = filled as RunOrder['inputs'];
  const { limit, batch, discoveryTimeoutMs } = order;
  const discovery = order.discovery ?? resolved.discovery;
  return ok({
    collective,
    agent: order.agent,
    action,
    inputs,
    shownInputs: Object.fromEntries(
      Object.entries(inputs).map(([key, value]) => [key, action.inputs[key]?.sensitive === true ? masked : value]),
    ),
    filter: filterOfAll(resolved),
    resolved,
    discoveryTimeoutMs,
    timeoutMs:
      order.timeoutMs ?? Math.round(ddl.value.timeout * 1000) + (discoveryTimeoutMs ?? defaults.discoveryTimeoutMs),
    ttlMs: order.ttlMs ?? defaultTtlMs,
    selection: {
      ...(discovery === undefined ? {} : { discovery }),
      ...(limit === undefined ? {} : { limit }),
      ...(batch === undefined ? {} : { batch }),
    },
  });
}
