import { statusCodes } from '@muster/protocol/messages';
import type { Request } from '@muster/protocol/messages';
import { forgetAtMs, type Asked, type Ending } from './journal/index.ts';
import type { Refusal } from './refusal.ts';

/** Longest text of a reply's status, in characters. */
const statusCharacters = 4096;

/** What is needed to answer a request. Nodes answer on the collective they heard it on, or on their own when it is not one of theirs. */
export const askedBy = (request: Request, receivedAtMs: number, collectives: readonly [string, ...string[]]): Asked => {
  const { requestId, caller, agent, action, collective, replyTo } = request;
  return {
    requestId,
    caller,
    agent,
    action,
    collective: collectives.includes(collective) ? collective : collectives[0],
    replyTo,
    receivedAtMs,
    forgetAtMs: forgetAtMs(request, receivedAtMs),
  };
};

/** How a request ends whose action did not begin. */
export const notRun = (ending: Pick<Ending, 'outcome' | 'statusCode' | 'statusMessage'>): Ending => ({
  ...ending,
  statusMessage: ending.statusMessage.slice(0, statusCharacters),
  data: {},
  startedAtMs: null,
  finishedAtMs: null,
});

/** How a request ends that is refused. */
export const refused = ({ outcome, statusCode, statusMessage }: Refusal): Ending =>
  notRun({ outcome, statusCode, statusMessage });

/** How a request ends that was cancelled before its action began. */
export const cancelledBefore = (by: string): Ending =>
  notRun({
    outcome: 'cancelled',
    statusCode: statusCodes.aborted,
    statusMessage: `${by} cancelled the request before the action began`,
  });

/** How a request ends that the node itself could not deal with. */
export const notHandled: Ending = notRun({
  outcome: 'failed',
  statusCode: statusCodes.unknownError,
  statusMessage: 'The node could not handle the request; its log says why',
});
