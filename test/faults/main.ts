import { randomInt } from 'node:crypto';
import { stopRequested } from '@muster/build/command';
import { commandOf, readOptions, usage } from './options.ts';
import { readableReport, type Report } from './report.ts';
import { runSuite } from './suite.ts';

const minuteMs = 60_000;

/** What must hold, each counted as one check. */
function checksOf({ violations, faults, requests, executions }: Report): readonly (readonly [name: string, holds: boolean])[] {
  return [
    ['no action ran twice', violations.executedTwice === 0],
    ['no outcome is missing', violations.outcomesMissing === 0],
    ['no outcome is wrong', violations.wrongOutcomes === 0],
    ['every run came to its end', requests.unsettledRuns === 0],
    ['every fault could be injected', faults.injected > 0 && faults.failed === 0],
    ['there was work', requests.outcomes > 0 && executions > 0],
  ];
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), randomInt(1_000_000));
  if (options === null) {
    process.stderr.write(usage);
    return 2;
  }
  const { seed, minutes, faults, only, processes, emulated, isShort } = options;
  const report = await runSuite({
    seed,
    processes,
    emulated,
    faults,
    only,
    durationMs: minutes * minuteMs,
    longestTtlMs: isShort ? 20_000 : 60_000,
    intervalMs: isShort ? 400 : 800,
    settleMs: isShort ? 3 * minuteMs : 8 * minuteMs,
    command: commandOf(options),
    signal: stopRequested().signal,
    say: (line) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`),
  });
  process.stdout.write(`${readableReport(report)}\n${JSON.stringify(report)}\n`);
  const checks = checksOf(report);
  for (const [name, holds] of checks) process.stdout.write(`${holds ? 'passed' : 'FAILED'}: ${name}\n`);
  const failed = checks.filter(([, holds]) => !holds).length;
  process.stdout.write(`${checks.length - failed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
