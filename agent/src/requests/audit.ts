import { appendFile, rename, stat } from 'node:fs/promises';
import type { ActionDefinition } from '@muster/protocol/ddl';
import { faultFrom, type ErrorCode } from '@muster/protocol/errors';
import type { Request } from '@muster/protocol/messages';
import type { Clock } from '@muster/runtime/effects';
import type { Logger } from '@muster/runtime/logging';
import type { Decision } from './authorizer.ts';

/** What is written down of a request. */
export type AuditedRequest = Pick<Request, 'requestId' | 'caller' | 'collective' | 'agent' | 'action'> & {
  readonly inputs: Readonly<Record<string, unknown>>;
};

/** What became of it; `code` is of a request that was refused for another reason than the policy. */
export interface AuditedDecision extends Decision {
  readonly code?: ErrorCode;
}

/** Writes down who asked for what, and whether it was allowed, before it happens. */
export interface Audit {
  /** `described` says which inputs are sensitive; without it all are left out, for nobody knows. */
  record(
    request: AuditedRequest,
    described: Pick<ActionDefinition, 'inputs'> | undefined,
    decision: AuditedDecision,
  ): Promise<void>;
}

/** Size from which the file becomes `FILE.1` and a new one begins, in bytes. */
const rotateFromBytes = 16 * 1024 * 1024;

const masked = (
  request: AuditedRequest,
  described: Pick<ActionDefinition, 'inputs'>,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(request.inputs).map(([name, value]) => [
      name,
      described.inputs[name]?.sensitive === true ? '(sensitive)' : value,
    ]),
  );

/** Audit as JSON lines in a file that only its owner reads. What cannot be written is logged, and work goes on. */
export function createFileAudit(file: string, effects: { readonly clock: Clock; readonly logger: Logger }): Audit {
  let writing = Promise.resolve();

  async function append(line: string): Promise<void> {
    try {
      await appendFile(file, line, { mode: 0o600 });
      const { size } = await stat(file);
      if (size >= rotateFromBytes) await rename(file, `${file}.1`);
    } catch (thrown) {
      effects.logger.error(
        { event: 'audit.failed', file, reason: faultFrom(thrown).message },
        'the audit file cannot be written',
      );
    }
  }

  return {
    record(request, described, decision) {
      const { requestId, caller, collective, agent, action } = request;
      const { allowed, code, rule = null, reason } = decision;
      const line = JSON.stringify({
        time: new Date(effects.clock()).toISOString(),
        requestId,
        caller,
        collective,
        agent,
        action,
        ...(described === undefined ? {} : { inputs: masked(request, described) }),
        allowed,
        ...(code === undefined ? {} : { code }),
        rule,
        reason,
      });
      writing = writing.then(() => append(`${line}\n`));
      return writing;
    },
  };
}
