import type { Engine, RunWatch, StartedRun } from '@muster/client/engine';
import { readAnswerFilter } from '@muster/protocol/answers';
import type { ResultDetail, RunSummary } from '@muster/protocol/bridge';
import type { ActionDefinition } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { createLogger } from '@muster/runtime/logging';
import type { AnswerFlags } from '../options/run-flags.ts';
import { exitCodes, shownExitCode } from '../output/exit-code.ts';
import { outcomeOf } from '../output/run-history.ts';
import type { Surroundings } from '../surroundings.ts';
import { announceJson } from './announce-json.ts';
import { whenAborted } from './execute-run.ts';
import { allRows, findRun, knownAction } from './find-run.ts';
import { gatherAnswers } from './gather-answers.ts';
import { leaveRun } from './leave-run.ts';
import { createPrinter, type RunPrinter } from './run-printer.ts';
import { unlessInterrupted, withEngine } from './with-engine.ts';

export interface AttachFlags extends AnswerFlags {
  readonly home?: string;
  /** Nobody looks: what goes wrong is logged. */
  readonly background?: true;
}

/** How long the broker may take to be reached before the run is shown without it, in milliseconds. */
const connectTimeoutMs = 5000;

type Shows = 'attach' | 'follow';

/** Prints a run from its first answer to its end. */
async function show(
  engine: Engine,
  run: RunSummary,
  how: Shows,
  {
    printer,
    action,
    isWanted,
  }: { printer: RunPrinter; action: ActionDefinition; isWanted: (answer: ResultDetail) => boolean },
  interrupted: AbortSignal,
): Promise<Result<number>> {
  const { runId } = run;
  const answers = gatherAnswers(action, isWanted, printer);
  let answered = 0;
  const watch: RunWatch = {
    onChange: (summary) => printer.progress(summary),
    onResult: (answer) => answers.take(answer, (answered += 1)),
  };
  const shown: Result<StartedRun> = await engine.runs[how](runId, watch);
  if (!shown.ok) return printer.refused(shown.error);
  const ended = await Promise.race([shown.value.finished, whenAborted(interrupted)]);
  const left = ended === null ? await leaveRun(engine, runId) : null;
  const last = ended === null ? await engine.runs.get(runId) : ok(ended);
  if (!last.ok) return printer.refused(last.error);
  const rows = await allRows(engine, runId);
  if (!rows.ok) return printer.refused(rows.error);
  const outcome = { ...outcomeOf(last.value, rows.value), interrupted: left !== null };
  const fault = left ?? last.value.fault;
  printer.end({ outcome, fault }, answers.summaries());
  return ok(shownExitCode(outcome, fault));
}

async function showRunAs(
  how: Shows,
  meant: string,
  flags: AttachFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const { interrupted } = surroundings;
  announceJson(flags, surroundings.stdout);
  const passes = flags.filterReplies === undefined ? ok(() => true) : readAnswerFilter(flags.filterReplies);
  if (!passes.ok) return passes;
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const run = await findRun(engine, meant);
    if (!run.ok) return run;
    const { runId, agent } = run.value;
    const action = await knownAction(engine, run.value);
    if (action === undefined)
      return fail('request.unknown_action', `It is not known any more what ${agent} ${run.value.action} gave`, {
        mend: `See muster runs show ${runId}.`,
      });
    const rows = await allRows(engine, runId);
    if (!rows.ok) return rows;
    const printer = createPrinter({
      agent,
      action,
      targets: {
        identities: rows.value.filter(({ arrival }) => arrival !== 'unexpected').map(({ identity }) => identity),
        method: run.value.discovery?.method ?? 'broadcast',
        durationMs: run.value.discoveryMs ?? 0,
      },
      flags,
      surroundings,
      noResults: run.value.noResults === true,
    });
    if (how === 'attach') {
      const up = await unlessInterrupted(
        engine.connection.waitUntilUp(connectTimeoutMs),
        interrupted,
        'connecting to the broker',
      );
      // Without the broker the run is shown as it is, and goes on when there is one.
      if (!up.ok && interrupted.aborted) return up;
    }
    printer.begin();
    printer.progress(run.value);
    return show(engine, run.value, how, { printer, action, isWanted: passes.value }, interrupted);
  });
}

/** Conducts a run to its end unseen, however long the broker is away. */
async function conduct(runId: string, flags: AttachFlags, surroundings: Surroundings): Promise<Result<number>> {
  const ended = await withEngine(surroundings, flags, 'offline', async (engine) => {
    const attached = await engine.runs.attach(runId);
    if (!attached.ok) return attached;
    await Promise.race([attached.value.finished, whenAborted(surroundings.interrupted)]);
    return ok(exitCodes.ok);
  });
  if (ended.ok) return ended;
  const { code, message } = ended.error;
  createLogger({ name: 'console', level: 'warn', destination: surroundings.stderr }).error({ runId, code }, message);
  return ok(exitCodes.error);
}

/**
 * `muster runs attach`: conducts a run that nobody conducts, else follows it, and prints it as `rpc` does, with the answers that have come
 * already. Exit codes as of `rpc`.
 */
export function attachRun(meant: string, flags: AttachFlags, surroundings: Surroundings): Promise<Result<number>> {
  return flags.background === true
    ? conduct(meant, flags, surroundings)
    : showRunAs('attach', meant, flags, surroundings);
}

/** `muster runs watch`: as {@link attachRun}, and never conducts. */
export function watchRun(meant: string, flags: AttachFlags, surroundings: Surroundings): Promise<Result<number>> {
  return showRunAs('follow', meant, flags, surroundings);
}
