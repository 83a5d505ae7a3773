import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { hitsName, instrument } from './instrument.ts';

/** Most counters of all modules together. */
const mostCounters = 1 << 16;

/** How often, roughly, in 8 steps: once, twice, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127, more. */
function step(hits: number): number {
  if (hits < 4) return hits - 1;
  if (hits < 32) return hits < 8 ? 3 : hits < 16 ? 4 : 5;
  return hits < 128 ? 6 : 7;
}

/**
 * What an input makes the code under test do. A feature is a place in the code together with how often, roughly, it was
 * come by; its number is 8 times that of the place, and the step.
 */
export class Coverage {
  readonly #hits = new Uint32Array(mostCounters);
  /** One bit for each step that was seen, by place. */
  readonly #seen = new Uint8Array(mostCounters);
  readonly #words = new Set<string>();
  #used = 0;
  #places = 0;
  #features = 0;

  /** Instruments whatever modules are imported from now on whose path `covers` takes. */
  install(covers: (path: string) => boolean): void {
    Object.defineProperty(globalThis, hitsName, { value: this.#hits });
    registerHooks({
      load: (url, context, nextLoad) => {
        const loaded = nextLoad(url, context);
        if (!url.startsWith('file:') || !covers(fileURLToPath(url)) || loaded.source == null) return loaded;
        const text = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
        const { source, counters, words } = instrument(text, fileURLToPath(url), this.#used);
        this.#used += counters;
        if (this.#used > mostCounters) throw new Error(`The code under test needs more than ${mostCounters} counters`);
        for (const word of words) this.#words.add(word);
        return { ...loaded, source };
      },
    });
  }

  /** Words in the code under test. */
  get words(): readonly string[] {
    return [...this.#words];
  }
  /** Places of the code under test that were come by, and all of them. */
  get places(): { readonly reached: number; readonly all: number } {
    return { reached: this.#places, all: this.#used };
  }
  /** How many features were seen. */
  get seen(): number {
    return this.#features;
  }

  /** Begins to count for the next input. */
  clear(): void {
    this.#hits.fill(0, 0, this.#used);
  }

  /** Whether the input since {@link clear} had features that none had before. They are not taken as seen. */
  hasNews(): boolean {
    for (let place = 0; place < this.#used; place++) {
      const hits = this.#hits[place] ?? 0;
      if (hits > 0 && ((this.#seen[place] ?? 0) & (1 << step(hits))) === 0) return true;
    }
    return false;
  }

  /** All features of the input since {@link clear}. */
  features(): Uint32Array {
    const features: number[] = [];
    for (let place = 0; place < this.#used; place++) {
      const hits = this.#hits[place] ?? 0;
      if (hits > 0) features.push(place * 8 + step(hits));
    }
    return Uint32Array.from(features);
  }

  isSeen(feature: number): boolean {
    return ((this.#seen[placeOf(feature)] ?? 0) & (1 << (feature & 7))) !== 0;
  }

  /** Takes features as seen. */
  add(features: Uint32Array): void {
    for (const feature of features) {
      if (this.isSeen(feature)) continue;
      const place = placeOf(feature);
      if (this.#seen[place] === 0) this.#places++;
      this.#seen[place] = (this.#seen[place] ?? 0) | (1 << (feature & 7));
      this.#features++;
    }
  }
}

/** The place that a feature is of. */
export const placeOf = (feature: number): number => feature >>> 3;
