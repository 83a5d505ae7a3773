import { randomInt } from 'node:crypto';
import { stopRequested } from '@muster/build/command';
import { commandOf, readOptions, usage } from './options.ts';
import { readableReport, type Report } from './report.ts';
import { readableSoak } from './soak/readable.ts';
import { soak } from './soak/soak.ts';
import { runSuite } from './suite.ts';

const minuteMs = 60_000;

/** What must hold, each counted as one check. */
function checksOf({
  violations,
  faults,
  requests,
  executions,
}: Report): readonly (readonly [name: string, holds: boolean])[] {
  return [
    ['no action ran twice', violations.executedTwice === 0],
    ['no outcome is missing', violations.outcomesMissing === 0],
    ['no outcome is wrong', violations.wrongOutcomes === 0],
    ['every run came to its end', requests.unsettledRuns === 0],
    ['every fault could be injected', faults.injected > 0 && faults.failed === 0],
    ['there was work', requests.outcomes > 0 && executions > 0],
  ];
}

/** Tells the result for a person, for programs, and as counts. Gives the exit code. */
function conclude(
  readable: string,
  report: unknown,
  checks: readonly (readonly [name: string, holds: boolean])[],
): number {
  process.stdout.write(`${readable}\n${JSON.stringify(report)}\n`);
  for (const [name, holds] of checks) process.stdout.write(`${holds ? 'passed' : 'FAILED'}: ${name}\n`);
  const failed = checks.filter(([, holds]) => !holds).length;
  process.stdout.write(`${checks.length - failed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

const say = (line: string): void => {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
};

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), randomInt(1_000_000));
  if (options === null) {
    process.stderr.write(usage);
    return 2;
  }
  const { seed, minutes, faults, only, brokers, processes, emulated, isShort } = options;
  const { signal } = stopRequested();
  if (options.isSoak) {
    const found = await soak({ ...options, durationMs: minutes * minuteMs, command: commandOf(options), signal, say });
    const checks = Object.entries(found.trends).map(([name, { isFlat }]) => [`flat: ${name}`, isFlat] as const);
    return conclude(readableSoak(found), found, [...checks, ['there was work', found.runs > 0]]);
  }
  const report = await runSuite({
    seed,
    brokers,
    processes,
    emulated,
    faults,
    only,
    durationMs: minutes * minuteMs,
    longestTtlMs: isShort ? 20_000 : 60_000,
    intervalMs: isShort ? 400 : 800,
    settleMs: isShort ? 3 * minuteMs : 8 * minuteMs,
    command: commandOf(options),
    signal,
    say,
  });
  return conclude(readableReport(report), report, checksOf(report));
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
