import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from './messages.ts';
import { supervise, type SuperviseOptions } from './supervise.ts';

let folder: string;
let findings: Finding[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-fuzz-test-'));
  findings = [];
});
afterEach(() => rm(folder, { recursive: true }));

const fuzz = (name: string, options: Partial<SuperviseOptions> = {}) =>
  supervise({
    file: fileURLToPath(new URL(`./testing/${name}.ts`, import.meta.url)),
    seedFolder: folder,
    seed: 1,
    seconds: 50,
    mostReplaced: 1,
    onFinding: (finding) => findings.push(finding),
    ...options,
  });

describe('fuzzing', () => {
  it('finds by coverage what chance would not, and makes the input short', async () => {
    const { progress, seeds } = await fuzz('three-locks', { runs: 150_000 });
    expect(findings.map(({ kind, key, input }) => [kind, key, [...input.subarray(0, 3)]])).toEqual([
      ['thrown', 'Error < Object.run', [0x4b, 0xe9, 0x79]],
    ]);
    expect(findings[0]?.input).toHaveLength(3);
    expect(findings[0]?.text).toContain('all three are open');
    expect(progress?.places.reached).toBeGreaterThan(progress?.places.given ?? Infinity);
    expect(seeds?.map((seed) => seed[0])).toContain(0x4b);
  });

  it('tries the same inputs for the same seed', async () => {
    const seedsOf = async (seed: number) => (await fuzz('three-locks', { runs: 5_000, seed })).seeds;
    expect(await seedsOf(7)).toEqual(await seedsOf(7));
  });

  it('ends what does not end, tells the input, and goes on', async () => {
    const { replaced } = await fuzz('never-ends', { runs: 400, hangLimits: { cpuSeconds: 0.5, seconds: 40 } });
    expect(replaced).toBeGreaterThan(0);
    expect(findings.every(({ kind, input }) => kind === 'hang' && input[0] === 0x21)).toBe(true);
  });

  it('outlives the end of a process, and tells the input', async () => {
    const { replaced } = await fuzz('ends-process', { runs: 400 });
    expect(replaced).toBeGreaterThan(0);
    expect(findings.map(({ kind, input }) => [kind, input[0]])).toContainEqual(['death', 0x21]);
  });
});
