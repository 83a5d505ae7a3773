import { agentDdlSchema, type AgentDdl } from '@muster/protocol/ddl';
import { faultFrom } from '@muster/protocol/errors';
import { statusCodes, type Request, type StatusCode } from '@muster/protocol/messages';
import type { Clock } from '@muster/runtime/effects';
import type { Logger } from '@muster/runtime/logging';
import type { z } from 'zod';
import type { ActionRequest as ModuleRequest } from '../api/index.ts';
import type { Gate } from '../limits/gate.ts';
import type { NodeView } from '../node/index.ts';
import type { Decision } from '../requests/authorizer.ts';

/** What an action is asked, and what of the request only the node itself needs. */
export interface ActionRequest extends ModuleRequest {
  /** Name of whoever signed the request. */
  readonly sender: string;
  readonly issuedAtMs: number;
  readonly ttlMs: number;
}

/** What an action has to work with. */
export interface ActionContext {
  readonly node: NodeView;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborted when the time limit is over or the agent stops; nobody waits for the action from then on. */
  readonly signal: AbortSignal;
}

/** Outputs by name; JSON values. */
export type ActionData = Readonly<Record<string, unknown>>;

/** The answer of an action that could not do what it was asked, with a reason for a person. */
export class ActionFailure {
  readonly message: string;
  readonly statusCode: StatusCode;
  readonly data: ActionData;

  constructor(message: string, statusCode: StatusCode, data: ActionData) {
    this.message = message;
    this.statusCode = statusCode;
    this.data = data;
  }
}

/** Thrown where an action could not even begin: nothing has been done on the node. */
export class NotBegunError extends Error {
  constructor(reason: string) {
    super(`The action did not begin: ${reason}`);
    this.name = 'NotBegunError';
  }
}

/** What an action needs before it begins. Throws {@link NotBegunError} when it cannot be had. */
export async function neededToBegin<Needed>(preparing: Promise<Needed>): Promise<Needed> {
  try {
    return await preparing;
  } catch (thrown) {
    throw new NotBegunError(faultFrom(thrown).message);
  }
}

/** Ends an action with a failure: `return abort('…')`. Default status: 1, Request Aborted. */
export const abort = (
  message: string,
  more: { readonly statusCode?: StatusCode; readonly data?: ActionData } = {},
): ActionFailure => new ActionFailure(message, more.statusCode ?? statusCodes.aborted, more.data ?? {});

/** Carries out one action. What it throws becomes an answer with status 5. */
export type Action = (
  request: ActionRequest,
  context: ActionContext,
) => ActionData | ActionFailure | Promise<ActionData | ActionFailure>;

/** A description and the code that does what it says. */
export interface AgentPlugin {
  readonly ddl: AgentDdl;
  readonly actions: ReadonlyMap<string, Action>;
  /** Open to everybody with a trusted certificate, at once, without audit: for being found, nothing else. */
  readonly open: boolean;
  /** Decides itself who may have what done, and writes that to the audit: nobody is asked before it is. */
  readonly authorisesItself?: boolean;
  /** Decides before policies are asked; they are when it gives nothing. */
  readonly decide?: (request: Pick<Request, 'sender'>) => Decision | undefined;
  /**
   * Its actions begin at once, without waiting for their turn, and are not in the journal: what they do may be done again.
   * What is open is so, too.
   */
  readonly immediate: boolean;
  /** Lets only so many of its actions run at once; by default as many as the node. */
  readonly gate?: Gate;
}

/** Puts an agent together. Throws when the description is broken or does not name exactly the actions given. */
export function defineAgent(
  ddl: z.input<typeof agentDdlSchema>,
  actions: Readonly<Record<string, Action>>,
  options: { readonly open?: boolean; readonly immediate?: boolean; readonly authorisesItself?: boolean } = {},
): AgentPlugin {
  const parsed = agentDdlSchema.parse(ddl);
  const described = parsed.actions.map(({ name }) => name).sort();
  const implemented = Object.keys(actions).sort();
  if (described.join() !== implemented.join()) {
    throw new TypeError(
      `agent ${parsed.name} describes ${described.join(', ')} but implements ${implemented.join(', ')}`,
    );
  }
  const { open = false, immediate = open, authorisesItself = false } = options;
  return { ddl: parsed, actions: new Map(Object.entries(actions)), open, immediate, authorisesItself };
}
