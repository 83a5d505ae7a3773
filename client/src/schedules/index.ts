export { createSchedules, secretOrder, type Schedules, type SchedulesKeeper } from './schedules.ts';
