import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../build/src/fleet/seeded-random.ts';
import { mutate } from './engine/mutate.ts';
import { readInputs } from './seeds.ts';
import { seedFolder, targetFile, targetNames } from './target-files.ts';
import { openTarget, toBytes } from './target.ts';

// The short form of `npm run fuzz`: every input that is kept, and a few variations, the same each time.
const variations = 60;

/** Longest variation, in bytes: how long inputs fare is a matter for the long form. */
const maxBytes = 4096;

describe.each(await targetNames())('%s', (name) => {
  it('holds for its own inputs and those that are kept, and for a few variations', async () => {
    const target = await openTarget(targetFile(name));
    const kept = [...(await readInputs(seedFolder(name))).values()];
    const inputs = [...target.starts.map(toBytes), ...kept];
    expect(target.starts.length).toBeGreaterThan(0);
    for (const input of inputs) await target.run(input);
    const random = seededRandom(1);
    const any = () => inputs[Math.floor(random() * inputs.length)] ?? new Uint8Array();
    const material = { random, words: target.words ?? [], other: any, maxBytes, json: target.json ?? false };
    for (let count = 0; count < variations; count++) await target.run(mutate(any(), material));
    await target.close?.();
  });
});
