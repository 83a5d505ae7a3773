import { describe, expect, it } from 'vitest';
import { hitsName, instrument } from './instrument.ts';

const module = `
  export const grade = (n) => (n > 5 ? 'much' : n > 1 && 'some') || 'none';
  export function count(items) {
    let sum = 0;
    for (const item of items) if (item) sum++; else continue;
    for (let i = 0; i < 2; i++) sum += 0;
    while (sum > 100) sum--;
    switch (sum) { case 0: return 'zero'; default: return new Counter().say({ prefix: 'n=' }, sum); }
  }
  class Counter { say({ prefix }, sum) { try { return prefix + sum; } catch { return ''; } } }
`;

interface Graded {
  readonly grade: (n: number) => string;
  readonly count: (items: readonly boolean[]) => string;
}

async function load() {
  const { source, counters, words } = instrument(module, 'module.js', 0);
  const hits = new Uint32Array(counters);
  Object.defineProperty(globalThis, hitsName, { value: hits, configurable: true });
  const url = `data:text/javascript,${encodeURIComponent(source)}`;
  return { ...((await import(/* @vite-ignore */ url)) as Graded), hits, words }; // what the module above exports
}

describe('an instrumented module', () => {
  it('does what it did', async () => {
    const { grade, count } = await load();
    expect([9, 3, 1].map(grade)).toEqual(['much', 'some', 'none']);
    expect(count([])).toBe('zero');
    expect(count([true, false, true])).toBe('n=2');
  });

  it('counts each way that is taken, and those alone', async () => {
    const { grade, hits } = await load();
    const reached = () => [...hits].filter((count) => count > 0).length;
    expect(reached()).toBe(0);
    grade(9);
    const once = reached();
    grade(9);
    expect(reached()).toBe(once);
    grade(1);
    expect(reached()).toBeGreaterThan(once);
    expect(Math.max(...hits)).toBe(3);
  });

  it('gives the words that its inputs may be made of', async () => {
    const { words } = await load();
    expect(words).toEqual(expect.arrayContaining(['much', 'some', 'none', 'zero', 'prefix', 'n=']));
  });
});
