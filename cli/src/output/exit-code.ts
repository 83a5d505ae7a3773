import type { ErrorCode } from '@muster/protocol/errors';

/** What a run came to, as far as the exit code depends on it. */
export interface RunTally {
  /** 0 when nobody had to be looked for: a list, or identities only. */
  readonly discoveryMs: number;
  readonly discovered: number;
  /** Answers of any status, also those from nodes that were not expected. */
  readonly responses: number;
  /** Answers with another status than 0; refused and expired ones are among them. */
  readonly failed: number;
  /** Nobody was to answer: that nobody did is no failure. `unknown` of the nodes were not there to be sent to. */
  readonly unanswered?: { readonly unknown: number };
}

/** Exit codes that do not come from a tally. */
export const exitCodes = {
  ok: 0,
  error: 1,
  noMatch: 1,
  denied: 1,
  differs: 1,
  needsLook: 1,
  judgingError: 2,
  failed: 2,
  ended: 5,
  interrupted: 130,
} as const;

/** Why a run ended before all its nodes were asked, or had done what they were asked to. */
const endings: readonly ErrorCode[] = ['run.stopped', 'run.cancelled', 'run.too_many_errors', 'run.canary_failed'];

/**
 * The exit code of a run; the rules are tried in this order (MCollective's).
 *
 * 4 nobody was looked for and nobody answered; 3 nodes were discovered and none answered; 2 at least one answer was a
 * failure; 0 answers although nothing was discovered; 1 nothing discovered and no answers; else 0. Where nobody was to answer:
 * 0 when the request went to anybody, else 1.
 */
export function runExitCode({ discoveryMs, discovered, responses, failed, unanswered }: RunTally): number {
  if (unanswered !== undefined) return discovered > unanswered.unknown ? 0 : 1;
  if (discoveryMs === 0 && responses === 0) return 4;
  if (discovered > 0 && responses === 0) return 3;
  if (discovered > 0 && failed > 0) return 2;
  if (discovered === 0) return responses > 0 ? 0 : 1;
  return 0;
}

/** The exit code of a command that showed a run: 130 when the person left it, 5 when the run was stopped or cancelled, 1 when it failed as a whole. */
export function shownExitCode(tally: RunTally, fault: { readonly code: ErrorCode } | null): number {
  if (fault === null) return runExitCode(tally);
  if (fault.code === 'run.interrupted') return exitCodes.interrupted;
  return endings.includes(fault.code) ? exitCodes.ended : exitCodes.error;
}
