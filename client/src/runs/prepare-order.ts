import type { RunOrder } from '@muster/protocol/bridge';
import { validateInputs, withDefaults, type ActionDefinition, type AgentDdl } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { parseFilter, printFilter, type FilterExpression } from '@muster/protocol/filter';

/** An order that fits the DDL, with everything that was left open filled in. */
export interface PreparedOrder {
  readonly collective: string;
  readonly agent: string;
  readonly action: ActionDefinition;
  /** With defaults; what is sent. */
  readonly inputs: RunOrder['inputs'];
  /** What may be stored and shown: sensitive inputs are masked. */
  readonly shownInputs: RunOrder['inputs'];
  /** Null for a list of nodes. */
  readonly filter: FilterExpression | null;
  readonly target: RunOrder['target'];
  readonly discoveryTimeoutMs: number;
  readonly timeoutMs: number;
  readonly ttlMs: number;
}

/** MCollective's time to live, in milliseconds. */
const defaultTtlMs = 60_000;

const masked = '(sensitive)';

function readTarget(
  target: RunOrder['target'],
): Result<{ filter: FilterExpression | null; target: RunOrder['target'] }> {
  if (target.kind === 'nodes')
    return ok({ filter: null, target: { kind: 'nodes', identities: [...new Set(target.identities)] } });
  const filter = parseFilter(target.filter);
  if (!filter.ok) return filter;
  return ok({ filter: filter.value, target: { kind: 'filter', filter: printFilter(filter.value) } });
}

/**
 * Checks an order against the DDL and fills it in.
 *
 * Errors: `filter.*`, those of `findDdl`, `request.unknown_action`, `request.invalid_input`, `request.wrong_collective`.
 */
export async function prepareOrder(
  order: RunOrder,
  findDdl: (agent: string) => Promise<Result<AgentDdl>>,
  defaults: { readonly collectives: readonly [string, ...string[]]; readonly discoveryTimeoutMs: number },
): Promise<Result<PreparedOrder>> {
  const collective = order.collective ?? defaults.collectives[0];
  if (!defaults.collectives.includes(collective))
    return fail('request.wrong_collective', `Unknown collective ${collective}`);
  const target = readTarget(order.target);
  if (!target.ok) return target;
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
  const discoveryTimeoutMs = order.discoveryTimeoutMs ?? defaults.discoveryTimeoutMs;
  return ok({
    collective,
    agent: order.agent,
    action,
    inputs,
    shownInputs: Object.fromEntries(
      Object.entries(inputs).map(([key, value]) => [key, action.inputs[key]?.sensitive === true ? masked : value]),
    ),
    ...target.value,
    discoveryTimeoutMs,
    timeoutMs: order.timeoutMs ?? Math.round(ddl.value.timeout * 1000) + discoveryTimeoutMs,
    ttlMs: order.ttlMs ?? defaultTtlMs,
  });
}
