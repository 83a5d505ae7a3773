import type { FuzzTarget } from '../../target.ts';

/** Goes on for ever over inputs that begin with `!`. */
export const openTarget = (): FuzzTarget => ({
  about: 'a loop without an end',
  maxBytes: 64,
  starts: ['good'],
  words: ['!'],
  run(input) {
    while (input[0] === 0x21) continue;
  },
});
