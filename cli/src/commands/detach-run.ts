import type { Engine } from '@muster/client/engine';
import type { RunSummary } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import type { OutputFlags } from '../options/flags.ts';
import { cleanJson } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import { runJson } from '../output/run-history.ts';
import type { Surroundings } from '../surroundings.ts';
import { orderOn, whenAborted, type RunRequest } from './execute-run.ts';
import { leaveRun } from './leave-run.ts';

/** Whether the broker has the request, or the run waits for something that may take long. */
const isOnItsWay = ({ sentAtMs, hold, finishedAtMs }: RunSummary): boolean =>
  sentAtMs !== null || hold !== null || finishedAtMs !== null;

/**
 * Has a process of its own conduct a run from here on; it goes on when this one and its terminal are gone. Errors: `internal` when there
 * can be none.
 */
export async function leaveToBackground(
  engine: Engine,
  runId: string,
  surroundings: Surroundings,
): Promise<Result<void>> {
  const { home, dataFolder } = engine.configuration;
  const begun = await surroundings.conductInBackground({ runId, home, dataFolder });
  if (begun.ok) return begun;
  return { ok: false, error: { ...begun.error, mend: `Nothing is lost. Go on with it: muster runs attach ${runId}` } };
}

/**
 * Starts a run, waits until it is sent, leaves it to a process of its own, and prints its id.
 *
 * Errors: those of `Runs.start`, why the run came to nothing at once, `run.interrupted`, `internal`.
 */
export async function detachRun(
  engine: Engine,
  request: Pick<RunRequest, 'order' | 'targets'>,
  flags: OutputFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const { stdout, stderr, interrupted } = surroundings;
  const onItsWay = Promise.withResolvers<RunSummary>();
  const onChange = (summary: RunSummary) => {
    if (isOnItsWay(summary)) onItsWay.resolve(summary);
  };
  const started = await engine.runs.start({ ...orderOn(request), watch: { onChange } });
  if (!started.ok) return started;
  const { runId, finished } = started.value;
  const run = await Promise.race([onItsWay.promise, finished, whenAborted(interrupted)]);
  if (run === null) return { ok: false, error: await leaveRun(engine, runId) };
  if (run.finishedAtMs === null) {
    const left = await leaveToBackground(engine, runId, surroundings);
    if (!left.ok) return left;
  }
  stdout.write(flags.json === true ? `${cleanJson({ run: runJson(run) }, 1)}\n` : `${runId}\n`);
  if (flags.json !== true && stderr.isTerminal)
    stderr.write(`The run goes on in the background. Look at it: muster runs watch ${runId}\n`);
  return ok(exitCodes.ok);
}
