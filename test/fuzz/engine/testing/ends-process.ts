import type { FuzzTarget } from '../../target.ts';

/** Ends the process over inputs that begin with `!`. */
export const openTarget = (): FuzzTarget => ({
  about: 'an end of the process',
  maxBytes: 64,
  starts: ['good'],
  words: ['!'],
  run(input) {
    if (input[0] === 0x21) process.abort();
  },
});
