import type { ErrorCode } from '@muster/protocol/errors';
import { statusCodes, type Outcome, type StatusCode } from '@muster/protocol/messages';

/** Why a request does not lead to an action; it is an answer. */
export interface Refusal {
  /** What happened, in Muster's catalogue: for counters and logs. */
  readonly code: ErrorCode;
  readonly outcome: Outcome;
  readonly statusCode: StatusCode;
  readonly statusMessage: string;
}

/** How each kind of refusal is answered: its outcome and MCollective's status code. */
const answers = {
  'request.expired': ['expired', statusCodes.aborted],
  'request.skewed': ['skewed', statusCodes.aborted],
  'request.replayed': ['refused', statusCodes.aborted],
  'request.wrong_collective': ['refused', statusCodes.aborted],
  'sender.mismatch': ['refused', statusCodes.aborted],
  'request.denied': ['refused', statusCodes.aborted],
  'message.malformed': ['invalid', statusCodes.invalidData],
  'filter.syntax': ['invalid', statusCodes.invalidData],
  'filter.data_failed': ['failed', statusCodes.aborted],
  'request.unknown_agent': ['invalid', statusCodes.unknownAction],
  'request.unknown_action': ['invalid', statusCodes.unknownAction],
  'request.invalid_input': ['invalid', statusCodes.invalidData],
  'sealing.unreadable': ['refused', statusCodes.aborted],
  'sealing.required': ['refused', statusCodes.aborted],
  'storage.failed': ['failed', statusCodes.aborted],
} as const satisfies Partial<Record<ErrorCode, readonly [Outcome, StatusCode]>>;

/** A refusal as it is answered; `code` decides outcome and status. */
export function refusal(code: keyof typeof answers, statusMessage: string): Refusal {
  const [outcome, statusCode] = answers[code];
  return { code, outcome, statusCode, statusMessage };
}
