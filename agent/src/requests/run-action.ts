import type { ActionDefinition } from '@muster/protocol/ddl';
import {
  statusCodes,
  statusTexts,
  type Outcome,
  type Reply,
  type Request,
  type StatusCode,
} from '@muster/protocol/messages';
import type { Logger } from '@muster/runtime/logging';
import {
  ActionFailure,
  NotBegunError,
  TimeLimitError,
  withinLimit,
  type Action,
  type ActionContext,
  type AgentPlugin,
} from '../plugins/index.ts';
import { toReplyData } from './action-result.ts';

/** The part of a reply that says how it went. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly statusCode: StatusCode;
  readonly statusMessage: string;
  readonly data: Reply['data'];
  /** Whether the action has begun: what has not has done nothing. */
  readonly hasBegun: boolean;
}

/** Why actions are aborted when the agent stops. */
export class StoppedError extends Error {
  constructor() {
    super('The agent was stopped while the action ran');
    this.name = 'StoppedError';
  }
}

/** Why an action is aborted whose request was cancelled, by `cert=NAME`. */
export class CancelledError extends Error {
  constructor(by: string) {
    super(`${by} cancelled the request while the action ran`);
    this.name = 'CancelledError';
  }
}

const unhappy = (outcome: Outcome, statusCode: StatusCode, statusMessage: string): Verdict => ({
  outcome,
  statusCode,
  statusMessage: statusMessage.slice(0, 4096),
  data: {},
  hasBegun: true,
});

function fromThrown(thrown: unknown, request: Request, logger: Logger): Verdict {
  const { agent, action } = request;
  if (thrown instanceof TimeLimitError) {
    return unhappy(
      'timed_out',
      statusCodes.unknownError,
      `Timeout while handling message for ${agent}: ${action} was ${thrown.message}`,
    );
  }
  if (thrown instanceof CancelledError) return unhappy('cancelled', statusCodes.aborted, thrown.message);
  if (thrown instanceof StoppedError) return unhappy('interrupted', statusCodes.unknownError, thrown.message);
  if (thrown instanceof NotBegunError) {
    logger.error(
      { event: 'action.not_begun', agent, action, requestId: request.requestId, err: thrown },
      thrown.message,
    );
    return { ...unhappy('failed', statusCodes.aborted, thrown.message), hasBegun: false };
  }
  logger.error({ event: 'action.threw', agent, action, requestId: request.requestId, err: thrown }, 'an action threw');
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return unhappy('failed', statusCodes.unknownError, `${statusTexts[5]}: ${reason}`);
}

/** Runs an action within the time limit of its DDL. Never throws: whatever happens becomes a verdict. */
export async function runAction(
  plugin: AgentPlugin,
  definition: ActionDefinition,
  action: Action,
  request: Request,
  context: Omit<ActionContext, 'signal'> & { readonly stop: AbortSignal },
): Promise<Verdict> {
  const { stop, ...rest } = context;
  const { requestId, caller, collective, agent, inputs, sender, issuedAtMs, ttlMs } = request;
  const call = { requestId, caller, collective, agent, action: definition.name, inputs, sender, issuedAtMs, ttlMs };
  try {
    const result = await withinLimit(plugin.ddl.timeout * 1000, stop, (signal) => action(call, { ...rest, signal }));
    const failure = result instanceof ActionFailure ? result : undefined;
    const data = toReplyData(definition, result instanceof ActionFailure ? result.data : result);
    if (!data.ok) return unhappy('failed', statusCodes.unknownError, data.error.message);
    if (failure === undefined)
      return {
        outcome: 'ok',
        statusCode: statusCodes.ok,
        statusMessage: statusTexts[0],
        data: data.value,
        hasBegun: true,
      };
    return { ...unhappy('failed', failure.statusCode, failure.message), data: data.value };
  } catch (thrown) {
    return fromThrown(thrown, request, rest.logger);
  }
}
