import type { FuzzTarget } from '../../target.ts';
import { openLocks } from '../../../support/fuzz/locks.ts';

/** Throws for one input in a billion: only who sees which lock is open finds the next. */
export const openTarget = (): FuzzTarget => ({
  about: 'three locks behind one another',
  maxBytes: 64,
  starts: ['????'],
  run(input) {
    if (openLocks(input) === 3) throw new Error('all three are open');
  },
});
