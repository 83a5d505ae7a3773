import { randomBytes as nodeRandomBytes } from 'node:crypto';
import type { RandomBytes } from '../effects/index.ts';

/** The operating system's randomness. */
export const randomBytes: RandomBytes = (count) => nodeRandomBytes(count);

/** 16 random bytes as 32 hexadecimal digits: ids of requests and nonces. */
export const randomId = (random: RandomBytes): string => Buffer.from(random(16)).toString('hex');
