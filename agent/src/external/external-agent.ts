import { statusCodes } from '@muster/protocol/messages';
import type { AgentDdl } from '@muster/protocol/ddl';
import type { Logger } from '@muster/runtime/logging';
import { ActionFailure, neededToBegin, type Action } from '../plugins/index.ts';
import { activationDocument, protocols, requestDocument } from './protocol.ts';
import { readActivation, readReply } from './reply.ts';
import { runExternalProgram, type ExternalProgram } from './run-program.ts';

/** What programs are called with on this node. */
export interface ExternalSurroundings {
  /** Folder for request and reply files. */
  readonly folder: string;
  readonly factsFile: () => Promise<string>;
  readonly logger: Logger;
  readonly newId: () => string;
}

/** One action of an external agent. */
function externalAction(external: ExternalProgram, surroundings: ExternalSurroundings): Action {
  const { agent } = external;
  return async (request, { signal }) => {
    const { folder, factsFile, logger } = surroundings;
    const written = await runExternalProgram(external, {
      protocol: protocols.request,
      document: requestDocument(request),
      id: surroundings.newId(),
      folder,
      factsFile: await neededToBegin(factsFile()),
      logger,
      signal,
    });
    if (!written.ok) {
      const { code, message } = written.error;
      const status = code === 'internal' ? statusCodes.aborted : statusCodes.unknownError;
      return new ActionFailure(`The agent ${agent} ${message}`, status, {});
    }
    return readReply(agent, written.value);
  };
}

/** All actions of an external agent, by name. */
export const externalActions = (
  ddl: AgentDdl,
  external: ExternalProgram,
  surroundings: ExternalSurroundings,
): ReadonlyMap<string, Action> => {
  const action = externalAction(external, surroundings);
  return new Map(ddl.actions.map(({ name }) => [name, action]));
};

/**
 * Asks an external agent whether it wants to be active. One that writes no answer is not; why is in the log. Rejects
 * when aborted, and when the facts for it cannot be written down.
 */
export async function wantsActivation(
  external: ExternalProgram,
  surroundings: ExternalSurroundings,
  signal: AbortSignal,
): Promise<boolean> {
  const { folder, factsFile, logger } = surroundings;
  const { agent } = external;
  const no = (reason: string): boolean => {
    logger.warn({ event: 'agent.inactive', agent, reason }, `the agent ${agent} ${reason} when asked to be active`);
    return false;
  };
  const written = await runExternalProgram(external, {
    protocol: protocols.activation,
    document: activationDocument(agent),
    id: surroundings.newId(),
    folder,
    factsFile: await factsFile(),
    logger,
    signal,
  });
  if (!written.ok) return no(written.error.message);
  return readActivation(written.value) ?? no('wrote no answer that can be understood');
}
