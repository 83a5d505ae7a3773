import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage, type ReadNode, type Storage } from '@muster/client/storage';
import { unwrap } from '@muster/protocol/errors';
import { compileFilter, parseFilter } from '@muster/protocol/filter';
import { createLogger } from '@muster/runtime/logging';
import { benchNodes } from './bench-nodes.ts';
import { benchFilters, typed, type BenchFilter } from './filters.ts';
import { duration, noise, repeat, timingOf, type Timing } from './measure.ts';

/** Any filter of five conditions is to be counted faster than this, in milliseconds, in the median. */
const goalMs = 50;

const batchSize = 200;

export interface FilterBenchOptions {
  readonly nodes: number;
  readonly facts: number;
  readonly seeds: readonly number[];
  readonly runs: number;
  readonly say: (line: string) => void;
}

const open = async (file: string): Promise<Storage> =>
  unwrap(
    await openStorage({
      file,
      clock: Date.now,
      logger: createLogger({ name: 'bench', level: 'silent', destination: { write: () => undefined } }),
    }),
  );

/** The loop that the columns stand against: every filter on every node, as parsed JSON in memory. */
function countNaively(nodes: readonly ReadNode[], text: string): number {
  const matches = unwrap(compileFilter(unwrap(parseFilter(text))));
  return nodes.reduce((count, node) => count + (unwrap(matches(node)) ? 1 : 0), 0);
}

const count = async (storage: Storage, text: string) => unwrap(await storage.countNodes(text)).matching;

interface FilterFigures {
  readonly name: string;
  readonly conditions: number;
  readonly filter: string;
  readonly matching: number;
  /** First count after the start: columns are read from the file. */
  readonly coldMs: number;
  readonly warm: Timing;
  readonly naive: Timing;
  readonly nodesPerSecond: number;
  readonly naiveNodesPerSecond: number;
  readonly timesFaster: number;
}

async function measureFilter(
  filter: BenchFilter,
  file: string,
  nodes: readonly ReadNode[],
  runs: number,
): Promise<FilterFigures> {
  const storage = await open(file);
  await count(storage, '');
  const text = filter.text(runs + 1);
  let matching = 0;
  const coldMs = await duration(async () => (matching = await count(storage, text)));
  const expected = countNaively(nodes, text);
  if (matching !== expected) throw new Error(`${text}: columns say ${matching} nodes, the loop says ${expected}`);
  const warm = await repeat(runs, (run) => count(storage, filter.text(run)));
  await storage.close();
  const naive = await repeat(Math.max(5, Math.ceil(runs / 10)), (run) => countNaively(nodes, filter.text(run)));
  const perSecond = (timing: Timing) => Math.round((nodes.length / timing.median) * 1000);
  return {
    name: filter.name,
    conditions: filter.conditions,
    filter: text,
    matching,
    coldMs: Math.round(coldMs * 10) / 10,
    warm,
    naive,
    nodesPerSecond: perSecond(warm),
    naiveNodesPerSecond: perSecond(naive),
    timesFaster: Math.round((naive.median / warm.median) * 10) / 10,
  };
}

/** Counts after each letter that a person types, as the window does: once after the start, then again and again. */
async function typeAway(file: string, runs: number): Promise<{ readonly cold: Timing; readonly warm: Timing }> {
  const storage = await open(file);
  const typeOnce = async (run: number): Promise<number[]> => {
    const text = typed(run);
    const beginnings = Array.from(text, (_letter, at) => text.slice(0, at + 1)).filter((part) => parseFilter(part).ok);
    const durations: number[] = [];
    for (const beginning of beginnings) durations.push(await duration(() => count(storage, beginning)));
    return durations;
  };
  const cold = timingOf(await typeOnce(0));
  const warm: number[] = [];
  for (let run = 1; run <= Math.ceil(runs / 10); run++) warm.push(...(await typeOnce(run)));
  await storage.close();
  return { cold, warm: timingOf(warm) };
}

async function store(file: string, nodes: readonly ReadNode[]): Promise<number> {
  const storage = await open(file);
  const durationMs = await duration(async () => {
    for (let start = 0; start < nodes.length; start += batchSize)
      unwrap(await storage.storeNodes(nodes.slice(start, start + batchSize)));
  });
  await storage.close();
  return durationMs;
}

async function benchSeed(seed: number, folder: string, options: FilterBenchOptions) {
  const { say, runs } = options;
  const file = join(folder, `seed${seed}.db`);
  say(`seed ${seed}: making ${options.nodes} nodes of ${options.facts} facts`);
  const nodes = [...benchNodes({ ...options, seed })];
  const importMs = await store(file, nodes);
  const { size } = await stat(file);
  say(`seed ${seed}: stored in ${(importMs / 1000).toFixed(1)} s, ${Math.round(size / 1e6)} MB`);
  const filters: FilterFigures[] = [];
  for (const filter of benchFilters) {
    const figures = await measureFilter(filter, file, nodes, runs);
    filters.push(figures);
    const { warm, naive, coldMs, timesFaster } = figures;
    say(
      `  ${filter.name.padEnd(34)} cold ${coldMs.toFixed(1)} ms, median ${warm.median.toFixed(2)} ms, p95 ${warm.p95.toFixed(2)} ms; loop ${naive.median.toFixed(1)} ms: ${timesFaster} times faster`,
    );
  }
  const typing = await typeAway(file, runs);
  say(
    `  while typing: the first time at most ${typing.cold.max} ms, then median ${typing.warm.median} ms, p95 ${typing.warm.p95} ms`,
  );
  await rm(file);
  return {
    seed,
    import: { ms: Math.round(importMs), nodesPerSecond: Math.round((nodes.length / importMs) * 1000) },
    databaseBytes: size,
    filters,
    typing,
  };
}

/** Measures counting by filter over made-up nodes in a database of their own, beside a plain loop. */
export async function filterBench(options: FilterBenchOptions) {
  const folder = await mkdtemp(join(tmpdir(), 'muster bench '));
  try {
    const before = await noise();
    options.say(
      `noise of this machine: ${before.spread} of the median lie between the quickest run and the slowest of twenty`,
    );
    const seeds: Awaited<ReturnType<typeof benchSeed>>[] = [];
    for (const seed of options.seeds) seeds.push(await benchSeed(seed, folder, options));
    const after = await noise();
    const medians = seeds.flatMap(({ filters }) =>
      filters.filter(({ conditions }) => conditions === 5).map(({ warm }) => warm.median),
    );
    const slowest = Math.max(...medians);
    return {
      benchmark: 'filter',
      nodes: options.nodes,
      factsPerNode: options.facts,
      machine: { cpus: cpus().length, model: cpus()[0]?.model ?? '', node: process.version, load: loadavg() },
      noise: { before, after },
      seeds,
      goal: { fiveConditionsMedianMs: goalMs, slowestSeenMs: slowest, reached: slowest < goalMs },
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
