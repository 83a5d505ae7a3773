import type { Amount, RunOrder } from '@muster/protocol/bridge';
import type { ErrorCode } from '@muster/protocol/errors';
import type { NodeState, RunHold } from '@muster/protocol/run';

const open: readonly NodeState[] = ['sent', 'accepted', 'running'];
const undone: readonly NodeState[] = [...open, 'queued', 'waiting'];

/** Whether the node is at work, or may be. */
export const isOpen = (state: NodeState): boolean => open.includes(state);
const hasFailed = (state: NodeState): boolean => !undone.includes(state) && state !== 'ok';

/** A share is rounded up. */
const sizeOf = ({ unit, amount }: Amount, total: number): number =>
  Math.min(total, unit === 'nodes' ? amount : Math.ceil((total * amount) / 100));

/** Why no further nodes are to be asked after what came; null when all is well. */
export function verdict({ rollout = {} }: RunOrder, states: readonly NodeState[]): ErrorCode | null {
  const { canary, maxErrors } = rollout;
  const canaries = canary === undefined ? 0 : sizeOf(canary.size, states.length);
  if (states.slice(0, canaries).some(hasFailed)) return 'run.canary_failed';
  if (maxErrors === undefined) return null;
  const allowed = maxErrors.unit === 'nodes' ? maxErrors.amount : Math.floor((states.length * maxErrors.amount) / 100);
  return states.filter(hasFailed).length > allowed ? 'run.too_many_errors' : null;
}

/** What the run does next: so many further nodes are asked, or it waits for something. */
export interface NextTurn {
  readonly ask: number;
  readonly hold: RunHold | null;
}

const nothing: NextTurn = { ask: 0, hold: null };

/** Whose turn it is. `isApproved`: a person has looked at the canary; `hasSlept`: since the last batch. */
export function nextTurn(
  { rollout = {}, batch }: RunOrder,
  states: readonly NodeState[],
  { isApproved, hasSlept }: { readonly isApproved: boolean; readonly hasSlept: boolean },
): NextTurn {
  const queued = states.filter((state) => state === 'queued').length;
  const asked = states.length - queued;
  const atWork = states.filter(isOpen).length;
  const canaries = rollout.canary === undefined ? 0 : sizeOf(rollout.canary.size, states.length);
  const window = rollout.concurrency === undefined ? states.length : sizeOf(rollout.concurrency, states.length);
  if (asked < canaries) return { ask: Math.min(canaries - asked, window - atWork), hold: null };
  if (queued === 0) return nothing;
  if (states.slice(0, canaries).some((state) => state !== 'ok')) return nothing;
  if (rollout.canary?.hold === true && !isApproved) return { ask: 0, hold: 'canary' };
  if (batch === undefined) return { ask: Math.min(queued, window - atWork), hold: null };
  if (atWork > 0) return nothing;
  if (asked > canaries && batch.sleepMs > 0 && !hasSlept) return { ask: 0, hold: 'sleep' };
  return { ask: Math.min(queued, sizeOf(batch.size, states.length)), hold: null };
}
