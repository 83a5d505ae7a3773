import type { Clock } from '../ui/clock.ts';

/** Whether somebody scrolls or types at this moment. */
export interface UserActivity {
  readonly isOngoing: boolean;
}

/** So long after the last event it is still going on, in milliseconds: the pause between two turns of a wheel is shorter. */
const lastsMs = 300;

/** Follows scrolling and keys in a window, for as long as the window is there. */
export function userActivityIn(target: EventTarget, clock: Clock): UserActivity {
  let lastAtMs = Number.NEGATIVE_INFINITY;
  const note = () => (lastAtMs = clock.now());
  for (const type of ['scroll', 'keydown']) target.addEventListener(type, note, { capture: true, passive: true });
  return {
    get isOngoing() {
      return clock.now() - lastAtMs < lastsMs;
    },
  };
}
