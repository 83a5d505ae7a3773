import type { Engine } from '@muster/client/engine';
import type { RunSummary } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import type { OutputFlags } from '../options/flags.ts';
import { cleanJson } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import { courseOf, stateText } from '../output/run-course.ts';
import { runJson } from '../output/run-history.ts';
import type { Surroundings } from '../surroundings.ts';
import { leaveToBackground } from './detach-run.ts';
import { findRun } from './find-run.ts';
import { withEngine } from './with-engine.ts';

/** What a person may want of a run that has not ended. */
export type Steering = 'pause' | 'resume' | 'stop' | 'cancel';

export interface SteerFlags extends OutputFlags {
  readonly home?: string;
}

/** How long whoever conducts the run may take to obey before the command tells how it stands, in milliseconds. */
const obeyWithinMs = 3000;

const isFinal = ({ finishedAtMs }: RunSummary): boolean => finishedAtMs !== null;

/** Whether what was wanted has come about. */
const obeyed: Readonly<Record<Steering, (run: RunSummary, before: RunSummary) => boolean>> = {
  pause: (run) => run.state === 'paused' || !run.isConducted || courseOf(run).queued === 0,
  // One whose canaries became well meanwhile waits for word on them, which nobody has given yet.
  resume: (run, before) => run.state !== 'paused' && (run.hold !== 'canary' || before.hold !== 'canary'),
  stop: (run) => run.state === 'stopping',
  cancel: (run) => run.state === 'stopping',
};

/** The run once what was wanted has come about, or after a while as it is. */
async function onceObeyed(
  { runs }: Engine,
  run: RunSummary,
  isThere: (summary: RunSummary) => boolean,
  { every, interrupted }: Surroundings,
): Promise<RunSummary> {
  if (isThere(run)) return run;
  const { promise, resolve } = Promise.withResolvers<RunSummary>();
  let last = run;
  const stopListening = runs.onChange(run.runId, (summary) => {
    last = summary;
    if (isThere(summary)) resolve(summary);
  });
  const giveUp = () => resolve(last);
  const stopTimer = every(obeyWithinMs, giveUp);
  interrupted.addEventListener('abort', giveUp, { once: true });
  const now = await promise;
  stopListening();
  stopTimer();
  return now;
}

const deeds: Readonly<Record<Steering, string>> = {
  pause: 'pause it',
  resume: 'go on with it',
  stop: 'stop it',
  cancel: 'cancel it',
};

/** That somebody else has been asked, and whether they have done it yet; empty where this process does it itself. */
function askedText(steering: Steering, { isConducted }: RunSummary, hasObeyed: boolean): string {
  if (!isConducted) return '';
  return `Asked the console that conducts the run to ${deeds[steering]}${hasObeyed ? '' : '; it has not done so yet'}.\n`;
}

/** How a run stands, in a line, and how to see more. */
function standingText(run: RunSummary): string {
  const { queued, atWork, waiting } = courseOf(run);
  const figures = [
    ...(queued === 0 ? [] : [`${queued} of ${run.expected} nodes not asked yet`]),
    ...(atWork === 0 ? [] : [`${atWork} at work`]),
    ...(waiting === 0 ? [] : [`${waiting} away`]),
    ...(queued + atWork + waiting > 0 ? [] : [`${run.responses} of ${run.expected} nodes have answered`]),
  ];
  const more = isFinal(run) ? 'show' : 'watch';
  return `Run ${run.runId}: ${stateText(run)}; ${figures.join(', ')}.\nSee muster runs ${more} ${run.runId}\n`;
}

/**
 * `muster runs pause`, `resume`, `stop` and `cancel`: says what is wanted to whoever conducts the run, and tells how it stands then. Where nobody
 * conducted it, a process in the background does from here on, but for a pause. Exit code 0.
 *
 * Errors: those of `findRun`, `run.ended`, `internal`.
 */
export function steerRun(
  steering: Steering,
  meant: string,
  flags: SteerFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const found = await findRun(engine, meant);
    if (!found.ok) return found;
    const { runId } = found.value;
    const steered = await engine.runs[steering](runId);
    if (!steered.ok) return steered;
    const isOurs = engine.runs.conducts(runId);
    const isThere = (summary: RunSummary) => isFinal(summary) || obeyed[steering](summary, found.value);
    const run = await onceObeyed(engine, steered.value, isThere, surroundings);
    if (steering !== 'pause' && engine.runs.conducts(runId) && !isFinal(run)) {
      const left = await leaveToBackground(engine, runId, surroundings);
      if (!left.ok) return left;
    }
    const asked = isOurs ? '' : askedText(steering, steered.value, isThere(run));
    surroundings.stdout.write(
      flags.json === true ? `${cleanJson({ run: runJson(run) }, 1)}\n` : asked + standingText(run),
    );
    return ok(exitCodes.ok);
  });
}
