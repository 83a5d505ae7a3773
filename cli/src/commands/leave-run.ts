import type { Engine } from '@muster/client/engine';
import type { RunSummary } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import { courseOf } from '../output/run-course.ts';

const left = (message: string, mend: string): Fault => ({ code: 'run.interrupted', message, mend });

/** The person only looked: whoever conducts the run goes on with it. */
function leftAlone({ runId, expected, responses, isConducted }: RunSummary): Fault {
  const how = isConducted ? 'It goes on, for another console conducts it.' : 'Nobody conducts it.';
  return left(
    `You have left run ${runId}: ${responses} of ${expected} nodes have answered`,
    `${how} Go on with it: muster runs attach ${runId}. End it: muster runs cancel ${runId}`,
  );
}

/** Every node has been asked, and the broker keeps what they answer. */
function leftToNodes({ runId, expected, responses }: RunSummary): Fault {
  return left(
    `Interrupted: the request is sent, and ${responses} of ${expected} nodes have answered`,
    `It goes on on the nodes, and no answer is lost. See them: muster runs attach ${runId}. Call it off: muster runs cancel ${runId}`,
  );
}

/**
 * What it means that a person interrupts a run that this process conducts. One that has not been sent is cancelled. A roll-out is paused,
 * so that no console asks further nodes without a word; the others go on on their nodes.
 */
async function leaveOwnRun({ runs }: Engine, run: RunSummary): Promise<Fault> {
  const { runId, sentAtMs, expected } = run;
  const { queued } = courseOf(run);
  if (sentAtMs === null && queued === expected) {
    await runs.cancel(runId);
    return left('Interrupted before the request was sent', `No node was asked. See run ${runId}.`);
  }
  if (queued === 0) return leftToNodes(run);
  const paused = await runs.pause(runId);
  const standing = paused.ok ? paused.value : run;
  const { queued: unasked } = courseOf(standing);
  if (unasked === 0) {
    // All were asked before the pause took hold: there are no others that somebody would have to go on with.
    await runs.resume(runId);
    return leftToNodes(standing);
  }
  return left(
    `Interrupted: the run is paused, and ${unasked} of ${expected} nodes have not been asked`,
    `Those that were asked go on. Go on with the others: muster runs resume ${runId}. End it: muster runs cancel ${runId}`,
  );
}

/** Why a command ends that shows a run, when a person interrupts it. */
export async function leaveRun(engine: Engine, runId: string): Promise<Fault> {
  const read = await engine.runs.get(runId);
  if (!read.ok) return read.error;
  return engine.runs.conducts(runId) ? leaveOwnRun(engine, read.value) : leftAlone(read.value);
}
