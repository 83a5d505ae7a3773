import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '../../build/src/fleet/repository.ts';
import type { Finding, Progress } from './engine/messages.ts';
import { supervise, type Outcome } from './engine/supervise.ts';
import { inputName, keepInputs } from './seeds.ts';
import { seedFolder, targetFile } from './target-files.ts';

export interface FuzzOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Whether inputs that reach more code are added to those that are kept. */
  readonly keep: boolean;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** How often it is said how far a target is, in milliseconds. */
const sayMs = 20_000;

const mebibytes = (bytes: number): number => Math.round(bytes / 1024 / 10.24) / 100;

const lineOf = ({ executions, places, corpus, memory }: Progress): string =>
  `${executions} inputs, ${places.reached} of ${places.all} places (${places.given} at first), ${corpus.inputs} kept, heap ${mebibytes(memory.heapBytes)} MiB`;

const findingFolder = (target: string): string => join(repositoryRoot, 'out', 'fuzz', target);

/** Writes the input, and beside it in words what happened. Returns the path of the input. */
async function writeFinding(target: string, finding: Finding): Promise<string> {
  const folder = findingFolder(target);
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${finding.kind}-${inputName(finding.input)}`);
  await writeFile(file, finding.input);
  await writeFile(`${file}.txt`, `${finding.key}\n\n${finding.text}\n`);
  return file;
}

function figuresOf(outcome: Outcome, seconds: number) {
  const { progress, memory, replaced } = outcome;
  const executions = progress?.executions ?? 0;
  return {
    seconds: Math.round(seconds),
    executions,
    executionsPerSecond: Math.round(executions / seconds),
    places: progress?.places,
    features: progress?.features,
    corpus: progress?.corpus,
    memoryMiB: {
      heapFirst: mebibytes(memory.first),
      heapLast: mebibytes(memory.last),
      rssHighest: mebibytes(memory.highestRss),
    },
    replaced,
  };
}

/** Fuzzes a target and gives the figures of it, with the files of what does not hold. */
export async function fuzzTarget(target: string, { seed, seconds, keep, signal, say }: FuzzOptions) {
  const found = new Map<string, Promise<string>>();
  await rm(findingFolder(target), { recursive: true, force: true });
  const beganMs = performance.now();
  let saidMs = beganMs;
  const outcome = await supervise({
    file: targetFile(target),
    seedFolder: seedFolder(target),
    seed,
    seconds,
    signal,
    onProgress(progress) {
      if (performance.now() - saidMs < sayMs) return;
      saidMs = performance.now();
      say(`${target}: ${lineOf(progress)}`);
    },
    onFinding(finding) {
      if (found.has(finding.key)) return;
      found.set(finding.key, writeFinding(target, finding));
      say(`${target}: ${finding.kind}: ${finding.text.split('\n', 3).join(' | ')}`);
    },
  });
  const newSeeds = keep && outcome.seeds !== undefined ? await keepInputs(seedFolder(target), outcome.seeds) : 0;
  if (outcome.progress !== undefined) say(`${target}: ${lineOf(outcome.progress)}; ended`);
  const figures = figuresOf(outcome, (performance.now() - beganMs) / 1000);
  return { target, ...figures, newSeeds, findings: await Promise.all(found.values()) };
}
