import { createAggregator } from '@muster/protocol/ddl';
import { ok, type Result } from '@muster/protocol/errors';
import { queryOf, type QueryFlags } from '../history/query.ts';
import { marksJson, marksLines } from '../history/marks.ts';
import type { OutputFlags } from '../options/flags.ts';
import { cleanJson } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import { createPalette } from '../output/palette.ts';
import { displayMode, isShown, resultBlock, type DisplayFlag } from '../output/result-block.ts';
import { listedJson, outcomeOf, runHead, runJson, runsTable } from '../output/run-history.ts';
import { createRunDocument } from '../output/run-json.ts';
import { closingReport, summaryBlocks } from '../output/run-report.ts';
import type { Surroundings } from '../surroundings.ts';
import { allRows, findRun, knownAction } from './find-run.ts';
import { withEngine } from './with-engine.ts';

export interface RunsListFlags extends OutputFlags, QueryFlags {
  readonly home?: string;
  readonly limit: number;
}

export interface RunsShowFlags extends OutputFlags {
  readonly home?: string;
  readonly display?: DisplayFlag;
}

/** `muster runs list`: the runs of this console, newest first. */
export async function listRuns(flags: RunsListFlags, surroundings: Surroundings): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const listed = await engine.runs.list({ ...queryOf(flags), offset: 0, limit: flags.limit });
    if (!listed.ok) return listed;
    const { runs, total } = listed.value;
    const { stdout } = surroundings;
    if (flags.json === true) stdout.write(`${cleanJson({ total, runs: runs.map(listedJson) }, 1)}\n`);
    else
      stdout.write(
        runs.length === 0 ? 'No runs.\n' : `${runsTable(runs).join('\n')}\n\n${runs.length} of ${total} runs\n`,
      );
    return ok(exitCodes.ok);
  });
}

/** `muster runs show`: one run with what it asked of whom and every answer. Exit code 0 whatever became of the run. */
export async function showRun(
  runId: string,
  flags: RunsShowFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const run = await findRun(engine, runId);
    if (!run.ok) return run;
    const rows = await allRows(engine, run.value.runId);
    if (!rows.ok) return rows;
    const marks = await engine.history.marks(run.value.runId);
    if (!marks.ok) return marks;
    const action = await knownAction(engine, run.value);
    const answers = rows.value.filter((row) => row.statusCode !== null);
    const outcome = outcomeOf(run.value, rows.value);
    const aggregator = action === undefined ? undefined : createAggregator(action);
    for (const row of answers) if (row.state === 'ok' || row.state === 'failed') aggregator?.add(row.data);
    const found = aggregator?.summaries() ?? [];
    const { stdout } = surroundings;
    if (flags.json === true) {
      const document = createRunDocument((text) => stdout.write(text));
      document.begin(run.value.agent, run.value.action, { ...runJson(run.value), ...marksJson(marks.value) });
      answers.forEach((answer) => document.reply(answer));
      document.end(outcome, found, run.value.fault);
      return ok(exitCodes.ok);
    }
    const palette = createPalette(stdout.colours);
    const mode = displayMode(flags.display ?? 'all', flags.verbose === true, action);
    stdout.write(runHead(run.value, rows.value, stdout.columns, marksLines(marks.value)));
    for (const answer of answers) if (isShown(answer, mode)) stdout.write(resultBlock(answer, action, palette));
    stdout.write(summaryBlocks(found));
    stdout.write(closingReport(outcome, { verbose: flags.verbose === true, width: stdout.columns, palette }));
    return ok(exitCodes.ok);
  });
}
