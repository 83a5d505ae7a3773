import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stopRequested } from '../command/index.ts';
import { addCounts, countsText, type Counts } from './counts.ts';
import { runStages } from './run-stages.ts';
import { allStages, namedStages, resultsFolder, stagesAtOnce, type Stage } from './stages.ts';

// `main.js [e2e|e2e:electron]` runs that stage, without a name all of `npm test`. The last line on standard output is
// `N passed, M failed`; logs and machine-readable results are in `out/`.

const say = (line: string) => process.stdout.write(`${line}\n`);

interface Finished {
  readonly name: string;
  readonly seconds: number;
  readonly counts: Counts;
  readonly failures: readonly string[];
}

/** Runs one stage, shows how it went, and the whole output of what failed. */
async function runStage(stage: Stage, signal: AbortSignal): Promise<Finished> {
  const started = performance.now();
  const { counts, failures, failedLogs, note } = await stage.run(signal);
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const logs = await Promise.all(failedLogs.map(async (file) => `\n--- ${file}\n${await readFile(file, 'utf8')}\n`));
  // At once, for another stage may end meanwhile.
  say(`${logs.join('')}${stage.name}: ${countsText(counts)} (${seconds} s)${note === undefined ? '' : `: ${note}`}`);
  return { name: stage.name, seconds, counts, failures };
}

const [name] = process.argv.slice(2);
const named = name === undefined ? undefined : namedStages[name];
if (name !== undefined && named === undefined) {
  process.stderr.write(`There is no stage "${name}". There are: ${Object.keys(namedStages).join(', ')}\n`);
  process.exit(2);
}
const { signal } = stopRequested();
await mkdir(resultsFolder, { recursive: true });
const finished = await runStages(named === undefined ? allStages : [named], {
  atOnce: stagesAtOnce,
  run: (stage) => runStage(stage, signal),
  signal,
});
const total = addCounts(finished.map(({ counts }) => counts));
await writeFile(join(resultsFolder, 'results.json'), `${JSON.stringify({ total, stages: finished }, null, 2)}\n`);
// Once more where everybody looks: the logs above may be long.
for (const { name: stage, failures } of finished) for (const failure of failures) say(`failed: ${stage}: ${failure}`);
say(countsText(total));
process.exitCode = total.failed > 0 || signal.aborted ? 1 : 0;
