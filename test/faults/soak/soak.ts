import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pick, seededRandom } from '@muster/build/fleet';
import { allFound } from '../world/all-found.ts';
import { createWorld, type World } from '../world/world.ts';
import { measure, type Measurements } from './measure.ts';
import { trendOf, type Sample, type Tolerance, type Trend } from './slope.ts';

export interface SoakOptions {
  readonly seed: number;
  readonly processes: number;
  readonly emulated: number;
  readonly durationMs: number;
  readonly command: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

export interface SoakReport {
  readonly seed: number;
  readonly command: string;
  readonly minutes: number;
  readonly nodes: { readonly processes: number; readonly emulated: number };
  readonly runs: number;
  readonly samples: number;
  /** The first part is left out: caches fill, code is compiled. */
  readonly warmUp: number;
  readonly trends: Readonly<Record<string, Trend>>;
  readonly growing: readonly string[];
}

const intervalMs = 10_000;
const orderEveryMs = 1000;
const nodesAsked = 20;
const mebibyte = 1024 * 1024;
const warmUpShare = 1 / 3;

/** What may be there more at the end than after the warm-up. Journals and histories keep something of each request. */
function toleranceOf(name: string): Tolerance {
  if (name.endsWith('heap bytes')) return { units: 8 * mebibyte, share: 0.08 };
  if (name.endsWith('bytes')) return { units: 24 * mebibyte, share: 0.1 };
  return { units: 4, share: 0.03 };
}

/** The same small runs, one after the other, by all consoles in turn. Gives how many were taken. */
async function steadyLoad(world: World, seed: number, stop: AbortSignal): Promise<number> {
  const random = seededRandom(seed, 3);
  const [first = '', ...others] = world.identities;
  let runs = 0;
  for (let turn = 0; !stop.aborted; turn++) {
    const console = world.consoles[turn % world.consoles.length];
    const identities = [...new Set(Array.from({ length: nodesAsked }, () => pick(random, [first, ...others])))];
    const inputs = { token: `s${turn}` };
    const taken = await console?.order({
      agent: 'ledger',
      action: 'quick',
      inputs,
      target: { kind: 'nodes', identities },
    });
    if (taken?.ok === true) runs++;
    await pause(orderEveryMs, undefined, { signal: stop }).catch(() => undefined);
  }
  return runs;
}

function trendsOf(all: readonly { readonly atMs: number; readonly values: Measurements }[]): Record<string, Trend> {
  const names = Object.keys(all[0]?.values ?? {});
  return Object.fromEntries(
    names.map((name) => {
      const samples = all.map(({ atMs, values }): Sample => ({ atMs, value: values[name] ?? Number.NaN }));
      return [name, trendOf(samples, toleranceOf(name))];
    }),
  );
}

/** Works a fleet steadily, and holds what it takes at the end against what it took when it was warm. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { seed, durationMs, signal, say, processes, emulated } = options;
  const reports = await mkdtemp(join(tmpdir(), 'muster-faults-heaps-'));
  const reporter = fileURLToPath(new URL('heap-reporter.mjs', import.meta.url));
  process.env['MUSTER_HEAP_REPORTS'] = reports;
  const world = await createWorld({ ...options, brokers: 1, nodeOptions: `--import ${reporter}` }).catch(
    async (thrown: unknown) => {
      await rm(reports, { recursive: true });
      throw thrown;
    },
  );
  try {
    await allFound(world, options);
    const ending = new AbortController();
    const load = steadyLoad(world, seed, ending.signal);
    const samples: { atMs: number; values: Measurements }[] = [];
    const startedAt = performance.now();
    while (performance.now() - startedAt < durationMs) {
      signal.throwIfAborted();
      const values = await measure(world, reports);
      const atMs = Math.round(performance.now() - startedAt);
      samples.push({ atMs, values });
      say(
        `${Math.round(atMs / 1000)} s: ${Object.entries(values)
          .map(([name, value]) => `${name} ${value}`)
          .join(', ')}`,
      );
      await pause(intervalMs, undefined, { signal });
    }
    ending.abort();
    const runs = await load;
    const warmUp = Math.floor(samples.length * warmUpShare);
    const trends = trendsOf(samples.slice(warmUp));
    return {
      seed,
      command: options.command,
      minutes: durationMs / 60_000,
      nodes: { processes, emulated },
      runs,
      samples: samples.length,
      warmUp,
      trends,
      growing: Object.entries(trends).flatMap(([name, { isFlat }]) => (isFlat ? [] : [name])),
    };
  } finally {
    await world.close();
    await rm(reports, { recursive: true });
  }
}
