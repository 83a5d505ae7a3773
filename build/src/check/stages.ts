import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { electronBinary } from '../demo/open-console.ts';
import { repositoryRoot } from '../fleet/index.ts';
import { noCounts, withExitCode, type Counts } from './counts.ts';
import { runTool } from './run-tool.ts';
import { vitestCounts } from './vitest-report.ts';
import { wdioCounts } from './wdio-report.ts';

/** What a stage of the checks came to. */
export interface StageResult {
  readonly counts: Counts;
  /** Files with the output of what failed. */
  readonly failedLogs: readonly string[];
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

/** One tool that either holds or does not. */
const lintStage = (name: string, script: string): Stage => ({
  name: `lint: ${name}`,
  async run(signal) {
    const { exitCode, logFile } = await runTool(['npm', 'run', '--silent', script], {
      signal,
      logFile: inResults(`lint-${name}.log`),
    });
    const failed = exitCode === 0 ? 0 : 1;
    return { counts: { ...noCounts, passed: 1 - failed, failed }, failedLogs: failed > 0 ? [logFile] : [] };
  },
});

/** The report's counts; none when the tool did not get as far as writing one. */
async function countsOf(read: () => Promise<Counts>): Promise<Counts> {
  try {
    return await read();
  } catch {
    return noCounts;
  }
}

const vitestStage = (name: string, ...projects: readonly string[]): Stage => ({
  name,
  async run(signal) {
    const report = inResults(`${name}.json`);
    await rm(report, { force: true });
    const { exitCode, logFile } = await runTool(
      [
        'vitest',
        'run',
        ...projects.flatMap((project) => ['--project', project]),
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ],
      { signal, logFile: inResults(`${name}.log`) },
    );
    const counts = withExitCode(await countsOf(async () => vitestCounts(await readFile(report, 'utf8'))), exitCode);
    return { counts, failedLogs: counts.failed > 0 ? [logFile] : [] };
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
  const read = async () => {
    const names = (await readdir(reports)).filter((file) => file.endsWith('.json'));
    return wdioCounts(await Promise.all(names.map((file) => readFile(join(reports, file), 'utf8'))));
  };
  const counts = withExitCode(await countsOf(read), exitCode);
  return { counts, failedLogs: counts.failed > 0 ? [logFile] : [] };
}

/** The counts of a tool that says on its last line how many checks passed. */
function lastLineCounts(output: string): Counts {
  const found = /^(\d+) passed, (\d+) failed$/.exec(output.trimEnd().split('\n').at(-1) ?? '');
  return found === null ? noCounts : { ...noCounts, passed: Number(found[1]), failed: Number(found[2]) };
}

const faultsStage = (name: string, ...more: readonly string[]): Stage => ({
  name,
  async run(signal) {
    const entry = join(repositoryRoot, 'test', 'faults', 'main.ts');
    const { exitCode, logFile } = await runTool(['node', entry, '--short', ...more], {
      signal,
      logFile: inResults(`${name}.log`),
    });
    const counts = withExitCode(await countsOf(async () => lastLineCounts(await readFile(logFile, 'utf8'))), exitCode);
    return { counts, failedLogs: counts.failed > 0 ? [logFile] : [] };
  },
});

/** On three brokers only the faults that need them: one of the three lost, and all. */
const clusterFaults = ['--brokers', '3', '--only', 'three', '--minutes', '1', '--processes', '4', '--emulated', '0'];

const browserStage: Stage = { name: 'e2e', run: (signal) => runWdio('e2e', 'wdio.conf.ts', signal) };

const electronStage: Stage = {
  name: 'e2e:electron',
  run(signal) {
    const config = 'wdio.electron.conf.ts';
    if (electronBinary() === undefined) {
      return Promise.resolve({
        counts: { ...noCounts, skipped: 1 },
        failedLogs: [],
        note: 'there is no Electron binary here; "npx install-electron" downloads one',
      });
    }
    if (!existsSync(join(repositoryRoot, 'test', 'e2e', config))) {
      return Promise.resolve({
        counts: { ...noCounts, skipped: 1 },
        failedLogs: [],
        note: `there is no test/e2e/${config}`,
      });
    }
    return runWdio('e2e-electron', config, signal);
  },
};

/**
 * The stages of `npm test`, the quick ones first. What computes is in one lane; in the other, which mostly waits for brokers,
 * agents and a browser, are the stages that leave processors idle.
 */
export const testLanes: readonly (readonly Stage[])[] = [
  [
    lintStage('types', 'lint:types'),
    lintStage('code', 'lint:code'),
    lintStage('format', 'lint:format'),
    lintStage('unused', 'lint:unused'),
    vitestStage('unit', '!integration', '!puppet'),
  ],
  [
    vitestStage('integration', 'integration'),
    faultsStage('faults'),
    faultsStage('faults-cluster', ...clusterFaults),
    browserStage,
  ],
];

/** Stages that have a command of their own. */
export const namedStages: Readonly<Record<string, Stage>> = {
  e2e: browserStage,
  'e2e:electron': electronStage,
  puppet: vitestStage('puppet', 'puppet'),
};
