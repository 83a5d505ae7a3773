import type { Result } from '@muster/protocol/errors';
import type { Reply } from '@muster/protocol/messages';
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
