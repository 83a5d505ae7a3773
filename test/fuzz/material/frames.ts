import { readFileSync } from 'node:fs';
import { goldenFile, type GoldenWire } from '../../contract/wire/golden-messages.ts';

export { goldenMessages, goldenNowMs } from '../../contract/wire/golden-messages.ts';

const golden = JSON.parse(readFileSync(goldenFile, 'utf8')) as GoldenWire; // the file is ours and has this shape

export const goldenAuthorityPem = golden.caPem;

/** Signed frames, one of them compressed. */
export const goldenFrames: readonly Uint8Array[] = golden.frames.map(({ hex }) => Buffer.from(hex, 'hex'));
