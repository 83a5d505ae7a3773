import type { StoredRunallNode } from '../storage/index.ts';
import type { PuppetStatus } from './read-answers.ts';
import { skipped, type LiveNode } from './runall-node.ts';
import type { RunallTiming } from './timing.ts';

/** By our clock and the node's. */
interface Moment {
  readonly nowMs: number;
  readonly nodeTimeMs: number;
}

const tooLong = (stored: StoredRunallNode, timing: RunallTiming, nowMs: number): StoredRunallNode => {
  const minutes = Math.round(timing.longestRunMs / 60_000);
  return skipped(stored, 'too_long', `it was still applying a catalog after ${minutes} minutes`, nowMs);
};

/** What becomes of a node that we have not asked to run, now that it has told its status. */
export function afterStatusBefore(
  node: LiveNode,
  status: PuppetStatus,
  { nowMs }: Moment,
  timing: RunallTiming,
): StoredRunallNode {
  const { stored } = node;
  node.known = true;
  node.lastRun = status.lastRun;
  if (status.applying) {
    node.busySinceMs ??= nowMs;
    if (nowMs - node.busySinceMs >= timing.longestRunMs) return tooLong(stored, timing, nowMs);
    return stored.state === 'waiting' ? { ...stored, state: 'busy', detail: '' } : stored;
  }
  node.busySinceMs = null;
  if (!status.enabled) return skipped(stored, 'disabled', status.disableMessage, nowMs);
  // Its status does not explain why it refused, and it has done so again.
  if (node.refusals > 1) return skipped(stored, 'refused', node.refusal, nowMs);
  return stored.state === 'busy' || stored.detail !== '' ? { ...stored, state: 'waiting', detail: '' } : stored;
}

/** What becomes of a node that we have asked to run. */
export function afterStatusSince(
  node: LiveNode,
  status: PuppetStatus,
  { nowMs, nodeTimeMs }: Moment,
  timing: RunallTiming,
): StoredRunallNode {
  const { stored } = node;
  const askedAtMs = stored.askedAtMs ?? nowMs;
  // Unheard of, it began when it was asked, by its own clock.
  const initiatedAt = stored.initiatedAt ?? Math.floor((askedAtMs + nodeTimeMs - nowMs) / 1000);
  if (status.applying) {
    node.checks = 0;
    if (nowMs - askedAtMs >= timing.longestRunMs) return tooLong(stored, timing, nowMs);
    return stored.state === 'starting'
      ? { ...stored, state: 'running', initiatedAt, begunAtMs: nowMs, detail: '' }
      : stored;
  }
  const done: StoredRunallNode = { ...stored, initiatedAt, state: 'done', endedAtMs: nowMs, misses: 0 };
  if (status.lastRun >= initiatedAt) return done;
  node.checks += 1;
  if (node.checks < timing.checks) return stored;
  if (stored.state === 'running') return { ...done, detail: 'Puppet ended without a summary of the run' };
  if (nowMs - askedAtMs < timing.beginWithinMs) return stored;
  return status.enabled
    ? skipped(stored, 'did_not_begin', 'Puppet did not begin to apply a catalog', nowMs)
    : skipped(stored, 'disabled', status.disableMessage, nowMs);
}
