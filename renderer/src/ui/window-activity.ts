import { systemClock } from './clock.ts';
import { userActivityIn, type UserActivity } from './user-activity.ts';

/** What is done in this window. */
export const windowActivity: UserActivity = userActivityIn(window, systemClock);
