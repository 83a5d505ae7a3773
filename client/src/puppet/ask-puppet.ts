import { ok, type Result } from '@muster/protocol/errors';
import type { Reply } from '@muster/protocol/messages';
import { callerOf } from '@muster/protocol/identity';
import { randomId } from '@muster/runtime/crypto';
import type { RandomBytes } from '@muster/runtime/effects';
import { boundedDetail } from '@muster/runtime/audit';
import type { ConsoleAudit } from '../audit/index.ts';
import type { Effects } from '../effects.ts';
import { askNodes, type Converse, type Sent } from '../requests/index.ts';

/** What a node answered to a question about Puppet. */
export interface PuppetAnswer extends Pick<Reply, 'outcome' | 'statusMessage' | 'data'> {
  readonly identity: string;
  /** When the node received the question, by its own clock. */
  readonly nodeTimeMs: number;
}

export interface PuppetQuestion {
  readonly collective: string;
  readonly action: 'status' | 'last_run_summary' | 'runonce';
  readonly inputs?: Reply['data'];
  readonly identities: readonly string[];
  /** A node carries out one request id once. A new one when absent. */
  readonly requestId?: string;
  readonly timeoutMs: number;
  readonly ttlMs: number;
  readonly onSent?: (identity: string, sent: Sent) => void;
  readonly onAnswer: (answer: PuppetAnswer) => void;
  readonly signal?: AbortSignal;
}

/** Asks nodes, and resolves when all have answered or the time is over. Errors: those of the broker. */
export type AskPuppet = (question: PuppetQuestion) => Promise<Result<void>>;

export const createAskPuppet =
  (converse: Converse, effects: Pick<Effects, 'randomBytes' | 'startTimer'>): AskPuppet =>
  ({ onAnswer, ...question }) =>
    askNodes(converse, effects, {
      ...question,
      agent: 'puppet',
      onReply: ({ reply }) =>
        onAnswer({
          identity: reply.sender,
          outcome: reply.outcome,
          statusMessage: reply.statusMessage,
          data: reply.data,
          nodeTimeMs: reply.timings.receivedAtMs,
        }),
    });

/** The same, and what makes nodes run Puppet is written down before it is sent; nothing is sent that cannot be. */
export const auditPuppet =
  (
    ask: AskPuppet,
    {
      audit,
      randomBytes,
      person,
    }: {
      readonly audit: Pick<ConsoleAudit, 'note' | 'noteSome'>;
      readonly randomBytes: RandomBytes;
      readonly person: string;
    },
  ): AskPuppet =>
  async (question) => {
    const requestId = question.requestId ?? randomId(randomBytes);
    const { collective, action, identities, inputs = {} } = question;
    const about = { requestId, caller: callerOf(person), collective, agent: 'puppet', action };
    if (action === 'runonce') {
      const target = { kind: 'nodes', identities };
      const written = await audit.note('request', {
        ...about,
        ...boundedDetail('inputs', inputs),
        ...boundedDetail('target', target),
      });
      if (!written.ok) return written;
      // Whoever was let go meanwhile leaves it to the next one.
      if (question.signal?.aborted === true) return ok(undefined);
    } else audit.noteSome('question', { ...about, nodes: identities.length });
    return ask({ ...question, requestId });
  };
