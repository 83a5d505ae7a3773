import { expect, it } from 'vitest';
import { ManualClock } from '../../test/window-rig.ts';
import { userActivityIn } from './user-activity.ts';

it('is ongoing with each key and turn of the wheel, and a moment after', () => {
  const clock = new ManualClock();
  const target = new EventTarget();
  const activity = userActivityIn(target, clock);
  const seen = [activity.isOngoing];
  for (const type of ['scroll', 'keydown', 'pointermove']) {
    target.dispatchEvent(new Event(type));
    clock.move(250);
    seen.push(activity.isOngoing);
    clock.move(50);
    seen.push(activity.isOngoing);
  }
  expect(seen).toEqual([false, true, false, true, false, false, false]);
});
