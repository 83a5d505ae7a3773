import { ok, type Result } from '@muster/protocol/errors';
import type { Reply } from '@muster/protocol/messages';
import { randomId } from '@muster/runtime/crypto';
import type { Effects } from '../effects.ts';
import type { Converse } from './conversation.ts';
import { publishDirected, type Sent } from './publish-directed.ts';
import type { VerifiedReply } from './read-delivery.ts';

export interface AskOrder {
  readonly collective: string;
  readonly agent: string;
  readonly action: string;
  /** Default: none. */
  readonly inputs?: Reply['data'];
  readonly identities: readonly string[];
  /** A node carries out one request id once. A new one when absent. */
  readonly requestId?: string;
  /** How long to wait for answers, in milliseconds. */
  readonly timeoutMs: number;
  /** How long nodes may obey; a second longer than the waiting when absent. */
  readonly ttlMs?: number;
  /** Told how the request to each node fared. */
  readonly onSent?: (identity: string, sent: Sent) => void;
  readonly onReply: (reply: VerifiedReply) => void;
  /** Ends the waiting early. */
  readonly signal?: AbortSignal;
}

/**
 * Asks nodes something for the engine's own use: directed, not stored as a run. Resolves when all have answered or the
 * time is over. Errors: those of the broker.
 */
export async function askNodes(
  converse: Converse,
  effects: Pick<Effects, 'randomBytes' | 'startTimer'>,
  order: AskOrder,
): Promise<Result<void>> {
  const silent = new Set(order.identities);
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let isOver = false;
  const strike = (identity: string) => {
    if (silent.delete(identity) && silent.size === 0) finish();
  };
  const conversation = await converse({
    requestId: order.requestId ?? randomId(effects.randomBytes),
    collective: order.collective,
    agent: order.agent,
    action: order.action,
    inputs: order.inputs ?? {},
    filter: '',
    ttlMs: order.ttlMs ?? order.timeoutMs + 1000,
    onReply: (reply) => {
      reply.acknowledge();
      if (silent.has(reply.reply.sender)) order.onReply(reply);
      strike(reply.reply.sender);
    },
  });
  if (!conversation.ok) return conversation;
  const sending = publishDirected(
    order.identities,
    (identity) => conversation.value.direct(identity),
    (identity, how) => {
      if (isOver) return;
      order.onSent?.(identity, how);
      if (how === 'unknown_node') strike(identity);
    },
    () => !isOver,
  );
  order.signal?.addEventListener('abort', finish);
  if (order.signal?.aborted === true) finish();
  // Whoever has all answers, or wants no more, does not wait for a queue that does not confirm.
  const sent = await Promise.race([sending, finished.then(() => ok(undefined))]);
  if (sent.ok && silent.size > 0) {
    const stopTimer = effects.startTimer(order.timeoutMs, finish);
    await finished;
    stopTimer();
  }
  isOver = true;
  order.signal?.removeEventListener('abort', finish);
  await conversation.value.end();
  return sent;
}
