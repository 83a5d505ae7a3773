import { appendFile, rename, stat } from 'node:fs/promises';
import type { ActionDefinition } from '@muster/protocol/ddl';
import type { Request } from '@muster/protocol/messages';
import { faultFrom } from '@muster/protocol/errors';
import type { Clock } from '@muster/runtime/effects';
import type { Logger } from '@muster/runtime/logging';
import type { Decision } from './authorizer.ts';

/** Writes down who asked for what, and whether it was allowed, before it happens. */
export interface Audit {
  record(request: Request, action: ActionDefinition, decision: Decision): Promise<void>;
}

/** Size from which the file becomes `FILE.1` and a new one begins, in bytes. */
const rotateFromBytes = 16 * 1024 * 1024;

const masked = (request: Request, action: ActionDefinition): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(request.inputs).map(([name, value]) => [
      name,
      action.inputs[name]?.sensitive === true ? '(sensitive)' : value,
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
    record(request, action, decision) {
      const { requestId, caller, collective, agent } = request;
      const line = JSON.stringify({
        time: new Date(effects.clock()).toISOString(),
        requestId,
        caller,
        collective,
        agent,
        action: action.name,
        inputs: masked(request, action),
        ...decision,
      });
      writing = writing.then(() => append(`${line}\n`));
      return writing;
    },
  };
}
