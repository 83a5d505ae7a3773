export { createSchedules, type Schedules, type SchedulesKeeper } from './schedules.ts';
