import type { Finding, MemorySample } from './messages.ts';

const mebibyte = 1024 * 1024;

export const memoryLimits = {
  /** Largest heap of a process that fuzzes; beyond it the process dies. */
  heapMiB: 768,
  /** How much more may be in use after a collection than when the first inputs had been tried. */
  growthMiB: 48,
  /** Most memory of the process as the system sees it. */
  rssMiB: 1536,
} as const;

/** Samples that are let pass before one is taken as the first: until then code is compiled and tables are filled. */
const warmUpSamples = 3;

/** Notices memory that is not given back. */
export class MemoryWatch {
  #samples = 0;
  #first = 0;
  #last = 0;
  #highestRss = 0;
  #told = false;

  /** What is wrong, the first time that something is. */
  add({ heapBytes, rssBytes }: MemorySample): Finding | undefined {
    this.#samples++;
    this.#last = heapBytes;
    this.#highestRss = Math.max(this.#highestRss, rssBytes);
    if (this.#samples <= warmUpSamples) {
      this.#first = heapBytes;
      return undefined;
    }
    const grown = (heapBytes - this.#first) / mebibyte;
    const rss = rssBytes / mebibyte;
    if (this.#told || (grown <= memoryLimits.growthMiB && rss <= memoryLimits.rssMiB)) return undefined;
    this.#told = true;
    const text = `the heap grew by ${grown.toFixed(1)} MiB; the process has ${rss.toFixed(0)} MiB`;
    return { kind: 'memory', key: 'memory', text, input: new Uint8Array() };
  }

  /** Heap in use after a collection, first and last, and the most memory of the process, in bytes. */
  get figures(): { readonly first: number; readonly last: number; readonly highestRss: number } {
    return { first: this.#first, last: this.#last, highestRss: this.#highestRss };
  }
}
