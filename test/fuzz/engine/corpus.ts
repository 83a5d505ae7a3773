import { placeOf } from './coverage.ts';
import type { Random } from '../../../build/src/fleet/seeded-random.ts';

/** Where an input came from: the target's own, the seeds that are kept, or this run. */
export type Origin = 'start' | 'seed' | 'found';

interface Entry {
  readonly bytes: Uint8Array;
  readonly features: Uint32Array;
  readonly origin: Origin;
}

/** Most inputs that are kept while a target is fuzzed. */
const mostEntries = 3000;

/** Longest input that is varied further, in bytes. */
const longestEntry = 16 * 1024;

/** Bounds of what is kept for later runs. */
export const seedLimits = { files: 64, bytes: 2048 } as const;

const bySize = (a: Entry, b: Entry): number => a.bytes.length - b.bytes.length;

/** Those that have something that none before them has. */
function cover(entries: readonly Entry[], covered: Set<number>, of: (feature: number) => number): Entry[] {
  return entries.filter(({ features }) => {
    const before = covered.size;
    for (const feature of features) covered.add(of(feature));
    return covered.size > before;
  });
}

/** The inputs that are varied: each did something that none before it had done. */
export class Corpus {
  #entries: Entry[] = [];

  get size(): number {
    return this.#entries.length;
  }
  /** What it takes of the memory, in bytes. */
  get bytes(): number {
    return this.#entries.reduce((sum, { bytes, features }) => sum + bytes.length + features.byteLength, 0);
  }

  add(bytes: Uint8Array, features: Uint32Array, origin: Origin): void {
    if (bytes.length > longestEntry && origin === 'found') return;
    this.#entries.push({ bytes, features, origin });
    if (this.#entries.length > mostEntries) this.#shrink();
  }

  /** An input to vary: later ones, which do what is rare, more often than early ones. */
  pick(random: Random): Uint8Array {
    const at = random() < 0.5 ? random() : Math.max(random(), random());
    return this.#entries[Math.floor(at * this.#entries.length)]?.bytes ?? new Uint8Array();
  }

  /** The few short inputs that reach every place that the target's own do not: what is worth keeping. */
  seeds(): readonly Uint8Array[] {
    const covered = new Set<number>();
    cover(this.#of('start'), covered, placeOf);
    const short = [...this.#of('seed'), ...this.#of('found')].filter(({ bytes }) => bytes.length <= seedLimits.bytes);
    return cover(short, covered, placeOf)
      .slice(0, seedLimits.files)
      .map(({ bytes }) => bytes);
  }

  #of(origin: Origin): Entry[] {
    return this.#entries.filter((entry) => entry.origin === origin).sort(bySize);
  }

  #shrink(): void {
    const given = this.#entries.filter(({ origin }) => origin !== 'found');
    const covered = new Set(given.flatMap(({ features }) => [...features]));
    this.#entries = [...given, ...cover(this.#of('found'), covered, (feature) => feature)];
  }
}
