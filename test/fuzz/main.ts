import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../../build/src/fleet/repository.ts';
import { describeThrown } from './engine/fault-key.ts';
import { supervise, type Outcome } from './engine/supervise.ts';
import type { Finding, Progress } from './engine/messages.ts';
import { inputName, keepInputs } from './seeds.ts';
import { seedFolder, targetFile, targetNames } from './target-files.ts';
import { openTarget } from './target.ts';

const usage = `Usage: npm run fuzz -- [--target NAME] [--seconds 300] [--seed 1] [--keep]
       npm run fuzz -- --target NAME --input FILE

Tries our parsers with inputs that nobody would write. --seconds is for all targets together. What does not hold is put
into out/fuzz/TARGET, and --input tries such a file again. --keep adds inputs that reach more code to test/fuzz/seeds.
Tells how it goes on STDERR, and prints one JSON document on STDOUT at the end. Exit code 1: something does not hold.
`;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    seconds: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
    input: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const mebibytes = (bytes: number): number => Math.round(bytes / 1024 / 10.24) / 100;

const findingFolder = (target: string): string => join(repositoryRoot, 'out', 'fuzz', target);

async function writeFinding(target: string, finding: Finding): Promise<string> {
  const folder = findingFolder(target);
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${finding.kind}-${inputName(finding.input)}`);
  await writeFile(file, finding.input);
  await writeFile(`${file}.txt`, `${finding.key}\n\n${finding.text}\n`);
  return file;
}

function lineOf({ executions, places, corpus, memory }: Progress): string {
  return `${executions} inputs, ${places.reached} of ${places.all} places (${places.given} at first), ${corpus.inputs} kept, heap ${mebibytes(memory.heapBytes)} MiB`;
}

function figuresOf(target: string, outcome: Outcome, seconds: number, findings: readonly string[], newSeeds: number) {
  const { progress, memory, replaced } = outcome;
  return {
    target,
    seconds: Math.round(seconds),
    executions: progress?.executions ?? 0,
    executionsPerSecond: Math.round((progress?.executions ?? 0) / seconds),
    places: progress?.places,
    features: progress?.features,
    corpus: progress?.corpus,
    memoryMiB: {
      heapFirst: mebibytes(memory.first),
      heapLast: mebibytes(memory.last),
      rssHighest: mebibytes(memory.highestRss),
    },
    replaced,
    newSeeds,
    findings,
  };
}

async function fuzz(target: string, seconds: number, signal: AbortSignal) {
  const found = new Map<string, Promise<string>>();
  await rm(findingFolder(target), { recursive: true, force: true });
  const beganMs = performance.now();
  let toldMs = beganMs;
  const outcome = await supervise({
    file: targetFile(target),
    seedFolder: seedFolder(target),
    seed: Number(values.seed),
    seconds,
    signal,
    onProgress(progress) {
      if (performance.now() - toldMs < 20_000) return;
      toldMs = performance.now();
      say(`${target}: ${lineOf(progress)}`);
    },
    onFinding(finding) {
      if (found.has(finding.key)) return;
      found.set(finding.key, writeFinding(target, finding));
      say(`${target}: ${finding.kind}: ${finding.text.split('\n', 3).join(' | ')}`);
    },
  });
  const kept = values.keep && outcome.seeds !== undefined ? await keepInputs(seedFolder(target), outcome.seeds) : 0;
  if (outcome.progress !== undefined) say(`${target}: ${lineOf(outcome.progress)}; ended`);
  const findings = await Promise.all(found.values());
  return figuresOf(target, outcome, (performance.now() - beganMs) / 1000, findings, kept);
}

async function fuzzAll(targets: readonly string[]): Promise<number> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  const figures: Awaited<ReturnType<typeof fuzz>>[] = [];
  for (const target of targets) {
    if (stop.signal.aborted) break;
    figures.push(await fuzz(target, Number(values.seconds) / targets.length, stop.signal));
  }
  process.stdout.write(`${JSON.stringify({ seed: Number(values.seed), targets: figures }, null, 2)}\n`);
  return figures.some(({ findings }) => findings.length > 0) ? 1 : 0;
}

/** Tries one input as a target does when nobody counts, and says what was thrown. */
async function tryAgain(target: string, file: string): Promise<number> {
  process.setSourceMapsEnabled(true);
  const opened = await openTarget(targetFile(target));
  try {
    await opened.run(await readFile(file));
    say('All holds.');
    return 0;
  } catch (thrown) {
    say(describeThrown(thrown));
    return 1;
  } finally {
    await opened.close?.();
  }
}

const names = await targetNames();
const targets = values.target === undefined ? names : names.filter((name) => name === values.target);
if (values.help || targets.length === 0 || (values.input !== undefined && values.target === undefined)) {
  process.stderr.write(`${usage}\nTargets: ${names.join(', ')}\n`);
  process.exitCode = values.help ? 0 : 2;
} else {
  const [target = ''] = targets;
  process.exitCode = values.input === undefined ? await fuzzAll(targets) : await tryAgain(target, values.input);
}
