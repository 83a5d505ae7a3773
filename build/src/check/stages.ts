import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { electronBinary } from '../demo/open-console.ts';
import { repositoryRoot } from '../fleet/index.ts';
import { noCounts, withExitCode, type Counts } from './counts.ts';
import { runTool } from './run-tool.ts';
import { vitestCounts, vitestFailures } from './vitest-report.ts';
import { wdioCounts, wdioFailures } from './wdio-report.ts';

/** What a stage of the checks came to. */
export interface StageResult {
  readonly counts: Counts;
  /** Files with the output of what failed. */
  readonly failedLogs: readonly string[];
  /** What failed, by name, as far as the tool says. */
  readonly failures: readonly string[];
  /** Why it was skipped, where it was. */
  readonly note?: string;
}

export interface Stage {
  readonly name: string;
  run(signal: AbortSignal): Promise<StageResult>;
}

/** Folder of logs and of the tools' own reports. */
export const resultsFolder = join(repositoryRoot, 'out');

const inResults = (name: string): string => join(resultsFolder, name);

const resultOf = (counts: Counts, logFile: string, failures: readonly string[]): StageResult => ({
  counts,
  failures,
  failedLogs: counts.failed > 0 ? [logFile] : [],
});

/** One tool that either holds or does not. */
const lintStage = (name: string, script: string): Stage => ({
  name: `lint: ${name}`,
  async run(signal) {
    const { exitCode, logFile } = await runTool(['npm', 'run', '--silent', script], {
      signal,
      logFile: inResults(`lint-${name}.log`),
    });
    const failed = exitCode === 0 ? 0 : 1;
    return resultOf({ ...noCounts, passed: 1 - failed, failed }, logFile, []);
  },
});

/** What a tool's reports say. */
interface Reported {
  readonly counts: Counts;
  readonly failures: readonly string[];
}

/** What the reports say; nothing when the tool did not get as far as writing them. */
async function reportedBy(read: () => Promise<Reported>, exitCode: number): Promise<Reported> {
  try {
    const { counts, failures } = await read();
    return { counts: withExitCode(counts, exitCode), failures };
  } catch {
    return { counts: withExitCode(noCounts, exitCode), failures: [] };
  }
}

const vitestStage = (name: string, projects: readonly string[], ...more: readonly string[]): Stage => ({
  name,
  async run(signal) {
    const report = inResults(`${name}.json`);
    await rm(report, { force: true });
    const { exitCode, logFile } = await runTool(
      [
        'vitest',
        'run',
        ...projects.flatMap((project) => ['--project', project]),
        ...more,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ],
      { signal, logFile: inResults(`${name}.log`) },
    );
    const { counts, failures } = await reportedBy(async () => {
      const json = await readFile(report, 'utf8');
      return { counts: vitestCounts(json), failures: vitestFailures(json) };
    }, exitCode);
    return resultOf(counts, logFile, failures);
  },
});

async function runWdio(name: string, config: string, signal: AbortSignal): Promise<StageResult> {
  const reports = inResults(name);
  await rm(reports, { recursive: true, force: true });
  await mkdir(reports, { recursive: true });
  const { exitCode, logFile } = await runTool(['wdio', 'run', join(repositoryRoot, 'test', 'e2e', config)], {
    signal,
    logFile: inResults(`${name}.log`),
    // The configuration has one JSON report a spec file written to this folder.
    env: { MUSTER_E2E_REPORTS: reports },
  });
  const { counts, failures } = await reportedBy(async () => {
    const names = (await readdir(reports)).filter((file) => file.endsWith('.json'));
    const texts = await Promise.all(names.map((file) => readFile(join(reports, file), 'utf8')));
    return { counts: wdioCounts(texts), failures: wdioFailures(texts) };
  }, exitCode);
  return resultOf(counts, logFile, failures);
}

/** What a tool says that names each failed check on a line, and on its last line how many checks passed. */
function faultsReport(output: string): Reported {
  const lines = output.trimEnd().split('\n');
  const found = /^(\d+) passed, (\d+) failed$/.exec(lines.at(-1) ?? '');
  const counts = found === null ? noCounts : { ...noCounts, passed: Number(found[1]), failed: Number(found[2]) };
  return { counts, failures: lines.flatMap((line) => /^FAILED: (.*)$/.exec(line)?.[1] ?? []) };
}

const faultsStage = (name: string, ...more: readonly string[]): Stage => ({
  name,
  async run(signal) {
    const entry = join(repositoryRoot, 'test', 'faults', 'main.ts');
    const { exitCode, logFile } = await runTool(['node', entry, '--short', ...more], {
      signal,
      logFile: inResults(`${name}.log`),
    });
    const { counts, failures } = await reportedBy(async () => faultsReport(await readFile(logFile, 'utf8')), exitCode);
    return resultOf(counts, logFile, failures);
  },
});

/**
 * On three brokers only the fault that needs them. That all three are killed at once is left to the long form: a queue that is declared in
 * that moment may stay without a leader, which is RabbitMQ's to mend (docs/guide/broker.md).
 */
const clusterFaults = [
  '--brokers',
  '3',
  '--only',
  'one of three',
  '--minutes',
  '1',
  '--processes',
  '4',
  '--emulated',
  '0',
];

const browserStage: Stage = { name: 'e2e', run: (signal) => runWdio('e2e', 'wdio.conf.ts', signal) };

const skippedStage: StageResult = { counts: { ...noCounts, skipped: 1 }, failures: [], failedLogs: [] };

const electronStage: Stage = {
  name: 'e2e:electron',
  run(signal) {
    const config = 'wdio.electron.conf.ts';
    if (electronBinary() === undefined) {
      return Promise.resolve({
        ...skippedStage,
        note: 'there is no Electron binary here; "npx install-electron" downloads one',
      });
    }
    if (!existsSync(join(repositoryRoot, 'test', 'e2e', config))) {
      return Promise.resolve({
        ...skippedStage,
        note: `there is no test/e2e/${config}`,
      });
    }
    return runWdio('e2e-electron', config, signal);
  },
};

const unitStage = vitestStage('unit', ['!integration', '!puppet']);

/** Half of the files each. */
const integrationStages = [1, 2].map((half) =>
  vitestStage(`integration-${half}`, ['integration'], `--shard=${half}/2`),
);

/** Most stages wait more than they compute, so there are more of them at once than processors. */
export const stagesAtOnce = 3;

/** The stages of `npm test`, the longest first, so that all end at about the same time. */
export const allStages: readonly Stage[] = [
  browserStage,
  ...integrationStages,
  unitStage,
  lintStage('code', 'lint:code'),
  faultsStage('faults'),
  lintStage('types', 'lint:types'),
  faultsStage('faults-cluster', ...clusterFaults),
  lintStage('format', 'lint:format'),
  lintStage('unused', 'lint:unused'),
  electronStage,
];

/** Stages that have a command of their own. */
export const namedStages: Readonly<Record<string, Stage>> = {
  e2e: browserStage,
  'e2e:electron': electronStage,
  puppet: vitestStage('puppet', ['puppet']),
};
