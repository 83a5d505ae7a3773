import { describe, expect, it } from 'vitest';
import { MemoryWatch, memoryLimits } from './memory-watch.ts';

const mebibyte = 1024 * 1024;
const told = (heaps: readonly number[], rss = 200) => {
  const watch = new MemoryWatch();
  return heaps.map((heap) => watch.add({ heapBytes: heap * mebibyte, rssBytes: rss * mebibyte })?.kind);
};

describe('memory', () => {
  it('may grow while it warms up, and go up and down', () => {
    expect(told([10, 90, 80, 100, 85, 120, 90])).not.toContain('memory');
  });

  it('that is not given back is told once', () => {
    const grown = 50 + memoryLimits.growthMiB + 1;
    expect(told([50, 50, 50, 60, 80, grown, grown + 100]).filter((kind) => kind === 'memory')).toHaveLength(1);
  });

  it('of the whole process is bounded', () => {
    expect(told([50, 50, 50, 50], memoryLimits.rssMiB + 1)).toContain('memory');
  });
});
