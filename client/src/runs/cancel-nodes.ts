import { askNodes, type Converse } from '../requests/index.ts';
import type { Effects } from '../effects.ts';

/** How long the word to let a request be waits for a node at least, in milliseconds. */
const shortestTtlMs = 60_000;

export interface CancelOrder {
  readonly collective: string;
  readonly runId: string;
  readonly identities: readonly string[];
  /** How long nodes are waited for. */
  readonly timeoutMs: number;
  /** How long the request may still be obeyed, which the word has to reach as well. */
  readonly leftMs: number;
  readonly signal: AbortSignal;
  /** The node has noted it: no copy of the request begins any more what has not begun. */
  readonly onTold: (identity: string) => void;
  /** These nodes have not got the request, and will not carry it out when it comes. */
  readonly onNeverBegun: (identity: string) => void;
}

/** Asks nodes to let a request be. What becomes of it they answer to the request itself. */
export async function cancelOnNodes(
  converse: Converse,
  effects: Pick<Effects, 'randomBytes' | 'startTimer' | 'logger'>,
  order: CancelOrder,
): Promise<void> {
  const { collective, runId, identities, timeoutMs, leftMs, signal, onTold, onNeverBegun } = order;
  const asked = await askNodes(converse, effects, {
    collective,
    agent: 'requests',
    action: 'cancel',
    inputs: { requestid: runId },
    identities,
    timeoutMs,
    ttlMs: Math.max(shortestTtlMs, leftMs),
    signal,
    onReply({ reply: { sender, outcome, data } }) {
      if (outcome !== 'ok') return;
      onTold(sender);
      // A node that remembers too many requests already could not note this one.
      if (data['result'] === 'unknown' && data['noted'] === true) onNeverBegun(sender);
    },
  });
  if (!asked.ok)
    effects.logger.warn({ runId, code: asked.error.code }, `nodes could not be told: ${asked.error.message}`);
}
