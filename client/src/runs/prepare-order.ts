import type { RunOrder } from '@muster/protocol/bridge';
import { limits } from '@muster/protocol/envelope';
import { validateInputs, withDefaults, type ActionDefinition, type AgentDdl, masked } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { FilterExpression } from '@muster/protocol/filter';
import { filterOfAll, type ResolvedTarget } from '../presets/index.ts';

/** An order that fits the DDL, with everything that was left open filled in. */
export interface PreparedOrder {
  readonly collective: string;
  readonly agent: string;
  readonly action: ActionDefinition;
  /** Version of the agent whose DDL the order was checked against. */
  readonly agentVersion: string;
  /** With defaults; what is sent. */
  readonly inputs: RunOrder['inputs'];
  /** What may be stored and shown: sensitive inputs are masked. */
  readonly shownInputs: RunOrder['inputs'];
  /** By which nodes can tell whether they are meant; null when some are named. */
  readonly filter: FilterExpression | null;
  readonly resolved: ResolvedTarget;
  /** Only what was ordered; the method knows its own default. */
  readonly discoveryTimeoutMs: number | undefined;
  /** For each node, from when it is asked. */
  readonly timeoutMs: number;
  /** How long a node may take to say that it has the request. */
  readonly deliveryMs: number;
  /** How long the action may run on a node, by its DDL. */
  readonly executionMs: number;
  readonly ttlMs: number;
  /** The most that a node is waited for after it was asked, whatever it says: as ordered; null when the other limits decide. */
  readonly waitAtMostMs: number | null;
  /** How the nodes are chosen and asked, as far as it was ordered. */
  readonly selection: Pick<RunOrder, 'discovery' | 'limit' | 'batch' | 'rollout' | 'untilMs' | 'noResults'>;
}

/** MCollective's time to live, in milliseconds. */
const defaultTtlMs = 60_000;

/** Time that a node has to say that it has the request, in milliseconds. */
const defaultDeliveryMs = 15_000;

/** Time that an answer may take on its way, beside delivery and execution, in milliseconds. */
const answerMarginMs = 2000;

/** The inputs of an order by how they travel: in plain, or sealed to each node. */
export function splitInputs({ inputs, shownInputs }: Pick<PreparedOrder, 'inputs' | 'shownInputs'>): {
  readonly plain: RunOrder['inputs'];
  readonly secret: RunOrder['inputs'];
} {
  const isSecret = ([key]: readonly [string, unknown]) => shownInputs[key] === masked;
  const all = Object.entries(inputs);
  return {
    plain: Object.fromEntries(all.filter((entry) => !isSecret(entry))),
    secret: Object.fromEntries(all.filter(isSecret)),
  };
}

export const hasSecrets = ({ shownInputs }: Pick<PreparedOrder, 'shownInputs'>): boolean =>
  Object.values(shownInputs).includes(masked);

/** Nodes may have several versions of an agent, of most nodes first. */
export type AgentDdls = readonly [AgentDdl, ...AgentDdl[]];

interface CheckedOrder {
  readonly ddl: AgentDdl;
  readonly action: ActionDefinition;
  readonly inputs: RunOrder['inputs'];
}

/** Checks an order against one DDL and adds its defaults. Errors: `request.unknown_action`, `request.invalid_input`. */
function checkAgainst(ddl: AgentDdl, order: RunOrder): Result<CheckedOrder> {
  const action = ddl.actions.find(({ name }) => name === order.action);
  if (action === undefined) {
    return fail(
      'request.unknown_action',
      `Attempted to call action ${order.action} for ${order.agent} but it's not declared in the DDL`,
      {
        mend: `The agent has: ${ddl.actions.map(({ name }) => name).join(', ')}`,
      },
    );
  }
  const inputs = withDefaults(action, order.inputs);
  const fits = validateInputs(action, inputs);
  // The order's inputs and the DDL's defaults are both JSON.
  return fits.ok ? ok({ ddl, action, inputs: inputs as RunOrder['inputs'] }) : fits;
}

/**
 * Checks an order against the versions that its nodes have: it has to fit one of them, the first is preferred. Nodes with another version
 * check for themselves, and refuse what does not fit.
 */
function checkOrder([first, ...others]: AgentDdls, order: RunOrder): Result<CheckedOrder> {
  const checked = checkAgainst(first, order);
  if (checked.ok) return checked;
  for (const ddl of others) {
    const other = checkAgainst(ddl, order);
    if (other.ok) return other;
  }
  return checked;
}

/** What an order says of its time and pace has to go together. Errors: `request.invalid_input`. */
function checkPace({ untilMs, ttlMs, batch, rollout, noResults }: RunOrder, nowMs: number): Result<void> {
  const refuse = (message: string, mend: string) => fail('request.invalid_input', message, { mend });
  if (rollout?.concurrency !== undefined && batch !== undefined)
    return refuse('A run goes either in batches or by a window of concurrency', 'Leave one of the two out.');
  if (noResults === true && rollout !== undefined)
    return refuse('Without answers nobody learns how the nodes fare', 'Ask for answers, or leave the roll-out out.');
  if (untilMs === undefined) return ok(undefined);
  if (ttlMs !== undefined)
    return refuse('How long a request may be obeyed follows from the time until when it is wanted', 'Leave one out.');
  if (untilMs <= nowMs) return refuse('The time until when the run is wanted is over', 'Give a time to come.');
  if (untilMs - nowMs > limits.ttlMs) return refuse('A run may wait for 30 days at most', 'Give an earlier time.');
  return ok(undefined);
}

/** The action with the worst effect that it has in any version, for nobody knows which nodes have which. */
function withWorstEffect(ddls: AgentDdls, action: ActionDefinition): ActionDefinition {
  const effects = ddls
    .flatMap(({ actions }) => actions.filter(({ name }) => name === action.name))
    .map(({ effect }) => effect);
  const effect = (['destructive', 'write'] as const).find((worse) => effects.includes(worse)) ?? action.effect;
  return { ...action, effect };
}

/** Whether any version takes the input for a secret. */
const isSensitive = (ddls: AgentDdls, actionName: string, key: string): boolean =>
  ddls.some(({ actions }) => actions.find(({ name }) => name === actionName)?.inputs[key]?.sensitive === true);

/**
 * Checks an order against the DDL and fills it in, from the preset that it names where it is silent.
 *
 * Errors: those of `findDdls`, `request.unknown_action`, `request.invalid_input`, `request.wrong_collective`.
 */
export async function prepareOrder(
  order: RunOrder,
  resolved: ResolvedTarget,
  findDdls: (agent: string) => Promise<Result<AgentDdls>>,
  defaults: {
    readonly collectives: readonly [string, ...string[]];
    readonly discoveryTimeoutMs: number;
    readonly nowMs: number;
  },
): Promise<Result<PreparedOrder>> {
  const collective = order.collective ?? resolved.collective ?? defaults.collectives[0];
  if (!defaults.collectives.includes(collective))
    return fail('request.wrong_collective', `Unknown collective ${collective}`);
  const ddls = await findDdls(order.agent);
  if (!ddls.ok) return ddls;
  const checked = checkOrder(ddls.value, order);
  if (!checked.ok) return checked;
  const pace = checkPace(order, defaults.nowMs);
  if (!pace.ok) return pace;
  const { ddl, action, inputs } = checked.value;
  const { limit, batch, rollout, untilMs, noResults, discoveryTimeoutMs } = order;
  const deliveryMs = order.deliveryMs ?? defaultDeliveryMs;
  const executionMs = Math.round(ddl.timeout * 1000);
  const discovery = order.discovery ?? resolved.discovery;
  return ok({
    collective,
    agent: order.agent,
    action: withWorstEffect(ddls.value, action),
    agentVersion: ddl.version,
    inputs,
    shownInputs: Object.fromEntries(
      Object.entries(inputs).map(([key, value]) => [key, isSensitive(ddls.value, action.name, key) ? masked : value]),
    ),
    filter: filterOfAll(resolved),
    resolved,
    discoveryTimeoutMs,
    timeoutMs: order.timeoutMs ?? deliveryMs + executionMs + answerMarginMs,
    deliveryMs,
    executionMs,
    ttlMs: untilMs === undefined ? (order.ttlMs ?? defaultTtlMs) : Math.ceil(untilMs - defaults.nowMs),
    waitAtMostMs: order.timeoutMs ?? null,
    selection: {
      ...(discovery === undefined ? {} : { discovery }),
      ...(limit === undefined ? {} : { limit }),
      ...(batch === undefined ? {} : { batch }),
      ...(rollout === undefined ? {} : { rollout }),
      ...(untilMs === undefined ? {} : { untilMs }),
      ...(noResults === undefined ? {} : { noResults }),
    },
  });
}
