import { fail, type Result } from '@muster/protocol/errors';
import { callerOf } from '@muster/protocol/identity';
import { randomId } from '@muster/runtime/crypto';
import { boundedDetail } from '@muster/runtime/audit';
import type { ConsoleAudit } from '../audit/index.ts';
import type { ConsoleConfiguration } from '../configuration/index.ts';
import type { Effects } from '../effects.ts';
import type { Inventory } from '../engine/parts/inventory.ts';
import type { Question } from '../engine/parts/runs.ts';
import { askNodes } from './ask-nodes.ts';
import type { Converse } from './conversation.ts';

/**
 * Questions to nodes that no history keeps, for what is asked over and over. Only actions that read may be asked like this: what
 * changes nodes is a run. Errors: `usage.invalid` for other actions, those of `Inventory.agent` and of the broker.
 */
export function createAsk(options: {
  readonly converse: Converse;
  readonly effects: Pick<Effects, 'randomBytes' | 'startTimer'>;
  readonly inventory: Pick<Inventory, 'agent'>;
  readonly configuration: Pick<ConsoleConfiguration, 'collectives' | 'person'>;
  readonly audit: Pick<ConsoleAudit, 'noteSome'>;
}): (question: Question) => Promise<Result<void>> {
  const { converse, effects, inventory, configuration, audit } = options;
  return async ({ onAnswer, collective = configuration.collectives[0], ...question }) => {
    const ddl = await inventory.agent(question.agent);
    if (!ddl.ok) return ddl;
    const action = ddl.value.actions.find(({ name }) => name === question.action);
    if (action === undefined)
      return fail('request.unknown_action', `Agent ${question.agent} has no action "${question.action}"`);
    if (action.effect !== 'read')
      return fail('usage.invalid', `${question.agent} ${question.action} changes nodes, and needs a run`);
    if (Object.keys(question.inputs).some((name) => action.inputs[name]?.sensitive === true))
      return fail('usage.invalid', `${question.agent} ${question.action} takes sensitive inputs, and needs a run`);
    const requestId = randomId(effects.randomBytes);
    audit.noteSome('question', {
      requestId,
      caller: callerOf(configuration.person),
      collective,
      agent: question.agent,
      action: question.action,
      ...boundedDetail('inputs', question.inputs),
      nodes: question.identities.length,
    });
    return askNodes(converse, effects, {
      ...question,
      requestId,
      collective,
      onReply: ({ reply: { sender, outcome, statusCode, statusMessage, data } }) =>
        onAnswer({ identity: sender, outcome, statusCode, statusMessage, data }),
    });
  };
}
