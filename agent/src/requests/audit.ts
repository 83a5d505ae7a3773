import { masked, type ActionDefinition } from '@muster/protocol/ddl';
import { ok, type ErrorCode, type Fault, type Result } from '@muster/protocol/errors';
import type { Request } from '@muster/protocol/messages';
import { boundedDetail, type AppendOptions, type AuditDetails, type AuditTrail } from '@muster/runtime/audit';
import type { Clock } from '@muster/runtime/effects';
import { FloodGate } from '@muster/runtime/limits';
import type { Decision } from './authorizer.ts';
import type { Ending } from './journal/index.ts';

/** What is written down of a request. */
export type AuditedRequest = Pick<Request, 'requestId' | 'caller' | 'collective' | 'agent' | 'action'> & {
  readonly inputs: Readonly<Record<string, unknown>>;
};

/** What became of it; `code` is of a request that was refused for another reason than the policy. */
export interface AuditedDecision extends Decision {
  readonly code?: ErrorCode;
}

/** Writes down who asked for what, whether it was allowed, before it happens, and how it ended. */
export interface Audit {
  /**
   * `described` says which inputs are sensitive; without it all are left out, for nobody knows.
   *
   * Errors: `storage.full`, `storage.failed` when it cannot be written, and what changes something must not be done then.
   */
  record(
    request: AuditedRequest,
    described: Pick<ActionDefinition, 'inputs'> | undefined,
    decision: AuditedDecision,
    options?: AppendOptions,
  ): Promise<Result<void>>;
  /** How a request ended that was allowed. */
  ended(request: AuditedRequest, ending: Ending): Promise<void>;
  /** A message that nobody who is believed has signed, or that is no request. Floods are counted, not written. */
  rejected(fault: Fault): Promise<void>;
  /** A request that came again, which is answered as before and never carried out again. Floods are counted, not written. */
  repeated(request: AuditedRequest): Promise<void>;
}

/** The most records of one kind in a minute where strangers may cause as many as they like. */
const mostInMinute = 100;

function shownInputs(inputs: AuditedRequest['inputs'], described: Pick<ActionDefinition, 'inputs'>): AuditDetails {
  const shown: Record<string, unknown> = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, described.inputs[name]?.sensitive === true ? masked : value]),
  );
  return boundedDetail('inputs', shown);
}

/** Audits requests in a trail. `mustBeWritten`: what cannot be audited is an error, and else work goes on. */
export function createAudit(
  trail: Pick<AuditTrail, 'append'>,
  { clock, mustBeWritten }: { readonly clock: Clock; readonly mustBeWritten: boolean },
): Audit {
  const gates = { rejected: new FloodGate(mostInMinute), repeated: new FloodGate(mostInMinute) };

  async function appendSome(kind: keyof typeof gates, details: AuditDetails): Promise<void> {
    const passedOver = gates[kind].take(clock());
    if (passedOver === undefined) return;
    await trail.append(kind, passedOver === 0 ? details : { ...details, passedOver });
  }

  return {
    async record(request, described, decision, options = {}) {
      const { requestId, caller, collective, agent, action, inputs } = request;
      const { allowed, code, rule = null, reason } = decision;
      const details = {
        requestId,
        caller,
        collective,
        agent,
        action,
        ...(described === undefined ? {} : shownInputs(inputs, described)),
        allowed,
        ...(code === undefined ? {} : { code }),
        rule,
        reason,
      };
      const written = await trail.append('request', details, { isTrial: mustBeWritten && options.isTrial === true });
      return mustBeWritten ? written : ok(undefined);
    },
    async ended({ requestId, caller, agent, action }, { outcome, statusCode, startedAtMs, finishedAtMs }) {
      const durationMs = startedAtMs === null || finishedAtMs === null ? null : finishedAtMs - startedAtMs;
      // What an action says may repeat an input, so it is left out.
      await trail.append('outcome', { requestId, caller, agent, action, outcome, statusCode, durationMs });
    },
    rejected: ({ code, message }) => appendSome('rejected', { code, reason: message }),
    repeated: ({ requestId, caller, agent, action }) => appendSome('repeated', { requestId, caller, agent, action }),
  };
}
