import type { Request } from '@muster/protocol/messages';
import type { Gate } from '../limits/gate.ts';
import type { AdmissionParts, Chosen } from './admit.ts';
import { notRun, refused } from './answer.ts';
import { checkWindow } from './checks.ts';
import type { Ending, Journal } from './journal/index.ts';
import type { LiveRequest } from './live-request.ts';
import { refusal } from './refusal.ts';
import { runAction } from './run-action.ts';

export interface CarryingOut extends Pick<AdmissionParts, 'node' | 'clock' | 'logger'> {
  readonly journal: Journal;
  readonly gate: Gate;
  /** What runs now; shown by `rpcutil daemon_stats`. */
  readonly running: Set<Request>;
}

/** What only reads may run again after a crash, so nothing needs to be remembered of it. */
export const isRemembered = ({ plugin, definition }: Pick<Chosen, 'plugin' | 'definition'>): boolean =>
  !plugin.immediate && definition.effect !== 'read';

async function run(
  live: LiveRequest,
  { plugin, definition, action, inputs }: Chosen,
  parts: CarryingOut,
): Promise<Ending> {
  const { clock, running } = parts;
  const startedAtMs = clock();
  live.begin(startedAtMs, definition.cancellable === true);
  running.add(live.request);
  try {
    const { hasBegun, ...verdict } = await runAction(
      plugin,
      definition,
      action,
      { ...live.request, inputs },
      {
        ...parts,
        stop: live.stop,
      },
    );
    return hasBegun ? { ...verdict, startedAtMs, finishedAtMs: clock() } : notRun(verdict);
  } finally {
    running.delete(live.request);
  }
}

/** Has it in the journal that the action begins, and then the broker forget the request. Gives why it must not begin. */
async function remember(live: LiveRequest, { journal, clock }: CarryingOut): Promise<Ending | undefined> {
  const { request, asked } = live;
  const begun = await journal.begin(request, asked, clock());
  if (begun.ok) {
    live.acknowledge();
    return undefined;
  }
  const isOver = begun.error.code === 'storage.full' ? checkWindow(request, clock()) : undefined;
  const text = `The request cannot be noted in the journal, so it is not run: ${begun.error.message}`;
  return refused(isOver ?? refusal('storage.failed', text));
}

/**
 * Runs an action when it is its turn, once the journal has it. `left`: it has not begun and will not in this process, since it
 * was cancelled, which has been answered, or the agent stops, and the broker gives it to the next process.
 */
export async function carryOut(live: LiveRequest, chosen: Chosen, parts: CarryingOut): Promise<Ending | 'left'> {
  const { plugin } = chosen;
  if (plugin.immediate) return run(live, chosen, parts);
  // While the disk is full, what changes something takes no place of what only reads.
  if (isRemembered(chosen)) await parts.journal.room(live.request);
  const isLeft = (): boolean => live.isCancelled;
  const whenItsTurn = (): Promise<Ending | 'left'> =>
    parts.gate.run(async () => {
      if (isLeft() || live.stop.aborted) return 'left';
      const obstacle = isRemembered(chosen) ? await remember(live, parts) : undefined;
      if (obstacle !== undefined) return obstacle;
      // What was cancelled while the journal was written has been answered.
      return isLeft() ? 'left' : run(live, chosen, parts);
    });
  // Whoever waits for the agent's own turn takes no place of the node's.
  return plugin.gate === undefined ? whenItsTurn() : plugin.gate.run(whenItsTurn);
}
