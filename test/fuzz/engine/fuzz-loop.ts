import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { seededRandom, type Random } from '../../../build/src/fleet/seeded-random.ts';
import { toBytes, type FuzzTarget } from '../target.ts';
import { Corpus, type Origin } from './corpus.ts';
import type { Coverage } from './coverage.ts';
import { describeThrown, faultKey } from './fault-key.ts';
import { mutate, type Material } from './mutate.ts';
import type { Finding } from './messages.ts';
import { trim } from './trim.ts';

export interface LoopOptions {
  readonly target: FuzzTarget;
  readonly coverage: Coverage;
  readonly seed: number;
  /** Inputs to begin with, beside the target's own. */
  readonly seeds: readonly Uint8Array[];
  /** What an earlier process found before it died. */
  readonly found: readonly Uint8Array[];
  readonly onTry: (number: number, input: Uint8Array) => void;
  readonly onFound: (input: Uint8Array) => void;
  readonly onFinding: (finding: Finding) => void;
}

/** Most shorter inputs that are tried for an input that is kept, and for one that shows a fault. */
const trimBudget = { kept: 80, fault: 1500 } as const;

/** Most inputs between two turns of the event loop, in which messages leave and signals are heard. */
const inputsPerTurn = 200;

/** Tries variations of inputs, keeps those that do something new, and tells of what does not hold. */
export class FuzzLoop {
  readonly corpus = new Corpus();
  readonly #options: LoopOptions;
  readonly #random: Random;
  readonly #faults = new Set<string>();
  readonly #ownWords: readonly string[];
  #executions = 0;
  #placesGiven = 0;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#ownWords = options.target.words ?? [];
  }

  get executions(): number {
    return this.#executions;
  }
  /** Places that the inputs reach that were given. */
  get placesGiven(): number {
    return this.#placesGiven;
  }

  /** Tries the inputs that were given. */
  async begin(): Promise<void> {
    const { target, seeds, found, coverage } = this.#options;
    for (const start of target.starts) await this.#take(toBytes(start), 'start');
    for (const seed of seeds) await this.#take(seed, 'seed');
    this.#placesGiven = coverage.places.reached;
    for (const input of found) await this.#take(input, 'found');
  }

  /** Tries variations for as long as `goesOn` says so. */
  async vary(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      for (let count = 0; count < inputsPerTurn && goesOn(); count++) {
        const input = mutate(this.corpus.pick(this.#random), this.#material());
        await this.#consider(input);
      }
      await turnOfEventLoop();
    }
  }

  #material(): Material {
    const { target, coverage } = this.#options;
    return {
      random: this.#random,
      // The language's own words, or those of the code, whose many would drown them.
      words: this.#ownWords.length > 0 && this.#random() < 0.6 ? this.#ownWords : coverage.words,
      other: () => this.corpus.pick(this.#random),
      maxBytes: target.maxBytes,
      json: target.json ?? false,
    };
  }

  async #take(input: Uint8Array, origin: Origin): Promise<void> {
    const { coverage } = this.#options;
    const thrown = await this.#try(input);
    if (thrown !== undefined) return this.#report(input, thrown.error);
    const features = coverage.features();
    coverage.add(features);
    this.corpus.add(input, features, origin);
  }

  async #consider(input: Uint8Array): Promise<void> {
    const { coverage, onFound } = this.#options;
    const thrown = await this.#try(input);
    if (thrown !== undefined) return this.#report(input, thrown.error);
    if (!coverage.hasNews()) return;
    const news = coverage.features().filter((feature) => !coverage.isSeen(feature));
    const short = await trim(input, (shorter) => this.#stillDoes(shorter, news), trimBudget.kept);
    if ((await this.#try(short)) !== undefined) return;
    const features = coverage.features();
    coverage.add(features);
    // What is new only once, such as the making of something that is then remembered, is not worth an input.
    if (!news.some((feature) => features.includes(feature))) {
      coverage.add(news);
      return;
    }
    this.corpus.add(short, features, 'found');
    onFound(short);
  }

  async #stillDoes(input: Uint8Array, news: Uint32Array): Promise<boolean> {
    if ((await this.#try(input)) !== undefined) return false;
    const features = new Set(this.#options.coverage.features());
    return news.every((feature) => features.has(feature));
  }

  async #report(input: Uint8Array, thrown: unknown): Promise<void> {
    const key = faultKey(thrown);
    if (this.#faults.has(key)) return;
    this.#faults.add(key);
    const same = async (shorter: Uint8Array) => {
      const again = await this.#try(shorter);
      return again !== undefined && faultKey(again.error) === key;
    };
    const short = await trim(input, same, trimBudget.fault);
    this.#options.onFinding({ kind: 'thrown', key, text: describeThrown(thrown), input: short });
  }

  /** What the input had the target throw; undefined when all held. */
  async #try(input: Uint8Array): Promise<{ readonly error: unknown } | undefined> {
    const { target, coverage, onTry } = this.#options;
    onTry(++this.#executions, input);
    coverage.clear();
    try {
      await target.run(input);
      return undefined;
    } catch (error) {
      return { error };
    }
  }
}
