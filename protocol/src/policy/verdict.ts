import type { Effect } from './policy.ts';

/** Whether something holds, where it may be that nobody can tell. */
export type Verdict = 'yes' | 'no' | 'unknown';

/** What cannot be told never helps the caller: a rule that allows does not apply then, one that denies does. */
export const applies = (verdict: Verdict, effect: Effect): boolean =>
  verdict === 'yes' || (verdict === 'unknown' && effect === 'deny');
