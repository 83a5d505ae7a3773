import type { NodeState } from '@muster/protocol/run';
import type { NodeDelivery } from '../storage/index.ts';
import type { PreparedOrder } from './prepare-order.ts';

/** How long the nodes of a run are waited for; durations in milliseconds. */
export interface RunLimits {
  /** A node without a sign for this long counts as away. */
  readonly deliveryMs: number;
  readonly executionMs: number;
  readonly ttlMs: number;
  /** Until when nodes that are away may get the request; null when they are not waited for. */
  readonly untilMs: number | null;
  /** The most that a node is waited for after it was asked, whatever it says. */
  readonly waitAtMostMs: number | null;
  /** The run was cancelled: nobody waits for nodes that are away, and no copy may be what starts the action. */
  readonly isCalledOff: boolean;
}

/** A node as its limits see it. */
export interface LimitedNode extends NodeDelivery {
  readonly state: NodeState;
  readonly answered: boolean;
  /** From when on its limits count: when it was asked, or when this console began or came back. */
  readonly sinceMs: number;
  /** When the request has to be sent again at the latest, because a copy or an answer may be lost; null for no such reason. */
  readonly hurryAtMs: number | null;
  /** The node knows that the request is called off: a copy cannot start the action there. */
  readonly isTold: boolean;
}

/** How long the way of an answer may take, beside delivery and execution. */
const answerMarginMs = 2000;

/** How long after the deadline a silent node is asked what became of the request: clocks may differ by as much. */
const probeAfterMs = 10_000;

const longestPauseMs = 3_600_000;

export function limitsOf(
  { deliveryMs, executionMs, ttlMs, waitAtMostMs, selection }: PreparedOrder,
  isCalledOff: boolean,
): RunLimits {
  return { deliveryMs, executionMs, ttlMs, waitAtMostMs, untilMs: selection.untilMs ?? null, isCalledOff };
}

/** When a request may not be begun any more. */
export const deadlineOf = (issuedAtMs: number, { untilMs, ttlMs }: RunLimits): number => untilMs ?? issuedAtMs + ttlMs;

/** What becomes of a silent node, and when; null while nothing does. */
export function limitOf(node: LimitedNode, limits: RunLimits): { atMs: number; becomes: NodeState } | null {
  if (node.answered || node.issuedAtMs === null) return null;
  const { deliveryMs, executionMs, waitAtMostMs, untilMs, isCalledOff } = limits;
  const lastMs = waitAtMostMs === null ? Infinity : node.sinceMs + waitAtMostMs;
  const deadlineMs = deadlineOf(node.issuedAtMs, limits);
  switch (node.state) {
    case 'queued':
      return { atMs: Math.min(Math.max(deadlineMs, node.sinceMs), lastMs), becomes: 'undelivered' };
    case 'sent':
      return {
        atMs: Math.min(node.sinceMs + deliveryMs, lastMs),
        becomes: untilMs === null || isCalledOff || deadlineMs <= node.sinceMs ? 'no_answer' : 'waiting',
      };
    case 'waiting':
      return { atMs: deadlineMs, becomes: 'expired' };
    case 'accepted':
    case 'running':
      return {
        atMs: Math.min(Math.max(node.noticedAtMs ?? 0, node.sinceMs) + executionMs + answerMarginMs, lastMs),
        becomes: 'no_answer',
      };
    default:
      return null;
  }
}

const silentStates: readonly NodeState[] = [
  'sent',
  'waiting',
  'accepted',
  'running',
  'no_answer',
  'expired',
  'unknown_node',
];

/**
 * Whether the node may still answer. Copies that came back from the broker are no proof that it has none: one of them may have been with the
 * node, which carried it out, when its connection was lost and the broker took the copy back.
 */
export const mayAnswer = ({ answered, issuedAtMs, state, copies }: LimitedNode): boolean =>
  !answered && issuedAtMs !== null && state !== 'unsealable' && (state !== 'unknown_node' || copies > 1);

/** Whether a copy that is sent now cannot start an action that was called off. */
export function isHarmless(node: LimitedNode, limits: RunLimits, nowMs: number): boolean {
  if (!limits.isCalledOff || node.isTold) return true;
  return node.issuedAtMs !== null && nowMs >= deadlineOf(node.issuedAtMs, limits) + probeAfterMs;
}

/**
 * When the request is sent to the node once more; null for not again. The node knows it by its id: it is never carried out twice, and its
 * outcome is told again. After the deadline it is sent once, to learn what became of it. A node that may not know that the request is
 * called off is told so instead, when there is a reason to hurry before the deadline.
 */
export function repeatAt(node: LimitedNode, limits: RunLimits): number | null {
  if (!mayAnswer(node) || node.issuedAtMs === null || !silentStates.includes(node.state)) return null;
  const publishedAtMs = node.publishedAtMs ?? node.issuedAtMs;
  const deadlineMs = deadlineOf(node.issuedAtMs, limits);
  if (publishedAtMs > deadlineMs) return node.hurryAtMs;
  if (limits.isCalledOff && !node.isTold) return node.hurryAtMs ?? deadlineMs + probeAfterMs;
  const pauseMs = Math.min(limits.deliveryMs * 2 ** Math.max(0, node.copies - 1), longestPauseMs);
  const works = node.state === 'accepted' || node.state === 'running';
  const fromMs = works ? Math.max(publishedAtMs, (node.noticedAtMs ?? 0) + limits.executionMs) : publishedAtMs;
  const atMs = Math.min(fromMs + pauseMs, node.hurryAtMs ?? Infinity);
  return atMs > deadlineMs ? Math.max(deadlineMs + probeAfterMs, node.hurryAtMs ?? 0) : atMs;
}
